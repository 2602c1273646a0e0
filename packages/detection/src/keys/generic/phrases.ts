import type { EntityVerdict } from '../verdicts.ts';

/**
 * What the words at the end of a key say, as `splitKey` writes them. The longest phrase counts. `open`: whatever words
 * stand before it (`recoveryEmail`); `closed`: nothing, or words for a person or a place (`patientAge`, but not `maxAge`).
 */
export const OPEN_PHRASES: readonly (readonly [EntityVerdict, string])[] = [
  ['email', 'email,e mail,email address,e mail address,mail address,electronic mail,email id'],
  [
    'phone',
    'phone,phone number,cell phone,mobile phone,mobile number,cell number,contact number,msisdn,landline,pager number',
  ],
  [
    'phone',
    'whatsapp,sms number,callback number,phone home,phone work,phone mobile,phone e164,day phone,evening phone',
  ],
  ['fax', 'fax,fax number,facsimile'],
  [
    'url',
    'linkedin,linkedin url,facebook url,twitter url,instagram url,personal website,personal url,profile url',
  ],
  ['mac', 'mac address,bssid,hardware address,ethernet address'],
  [
    'ssn',
    'ssn,social security number,social security,soc sec,soc sec number,ssn last4,last4 ssn,ssn last 4,ssn4,socsec',
  ],
  ['itin', 'itin,individual taxpayer id,individual taxpayer id number'],
  ['ein', 'ein,fein,employer id number,federal tax id,federal employer id'],
  ['tax-id', 'tax id,tax id number,taxpayer id,taxpayer id number,tax number,taxid'],
  ['passport', 'passport,passport number,passport id'],
  [
    'driver-license',
    'driver license,driver license number,driving license,driving license number,dl number,driver license id',
  ],
  ['driver-license', 'driver id,drivers license,drivers license number'],
  [
    'license',
    'license number,license id,medical license,professional license,certificate number,state license,nursing license',
  ],
  ['uk-nino', 'nino,national insurance number,ni number'],
  ['uk-nhs', 'nhs number,nhs id'],
  ['ca-sin', 'social insurance number,sin number'],
  ['in-aadhaar', 'aadhaar,aadhar,aadhaar number,aadhar number,uidai number'],
  ['in-pan', 'pan number,permanent account number'],
  ['pl-pesel', 'pesel'],
  ['es-nif', 'dni,nif'],
  ['fr-nir', 'numero securite sociale,nir'],
  ['de-steuer-id', 'steuer id,steueridentifikationsnummer,steuernummer'],
  ['au-tfn', 'tfn,tax file number'],
  [
    'credit-card',
    'credit card,credit card number,card number,cc number,debit card,debit card number,ccnum,cardnum,card pan',
  ],
  ['credit-card', 'primary account number,card last4,card last 4'],
  [
    'card-security-code',
    'cvv,cvc,cvv2,cvc2,cvn,card verification value,card verification code,card security code,card code,card cvv',
  ],
  ['iban', 'iban,iban number,international bank account number'],
  ['aba', 'routing number,aba,aba number,routing transit number,aba routing number,bank routing'],
  [
    'account',
    'account number,bank account,bank account number,checking account,savings account,sort code,bsb number,iban account',
  ],
  [
    'personal-id',
    'employee id,employee number,student id,student number,badge number,badge id,national id,national id number',
  ],
  [
    'personal-id',
    'government id,id card number,id card,claim number,visit number,encounter number,accession number,customer number',
  ],
  [
    'personal-id',
    'loyalty number,frequent flyer number,voter id,inmate number,case number,resident id,citizen id',
  ],
  ['btc', 'bitcoin address,btc address,wallet address'],
  [
    'mrn',
    'mrn,medical record number,medical record,chart number,hospital number,health record number,medrec,med rec number',
  ],
  ['mrn', 'medical record id,chart id,medical number,mrn number,mrn id,unit record number,empi,mpi id'],
  ['mrn', 'mr number'],
  ['patient-id', 'patient id,patient number,patient account number,person id,person source value'],
  ['patient-id', 'patient source value'],
  [
    'personal-id',
    'csn number,csn id,fin number,contact serial number,financial number,provider source value',
  ],
  ['ssn', 'ssn number'],
  ['card-pin', 'pin block,encrypted pin block'],
  ['mbi', 'mbi,medicare beneficiary id,medicare number,medicare id'],
  [
    'health-plan-id',
    'member id,subscriber id,insurance id,insurance number,insurance policy number,policy number,health plan id',
  ],
  [
    'health-plan-id',
    'plan member id,medicaid id,medicaid number,beneficiary id,beneficiary number,insurance member id,hicn',
  ],
  [
    'health-plan-id',
    'health card number,insured id,health insurance number,health plan number,plan beneficiary number',
  ],
  [
    'health-plan-id',
    'member number,subscriber number,insurance policy,health plan beneficiary number,payer member id,policyholder id',
  ],
  ['npi', 'npi,npi number,national provider id'],
  ['dea', 'dea,dea number,dea registration,dea registration number'],
  [
    'device-id',
    'device id,udi,serial number,imei,imsi,device serial,udi di,hardware id,advertising id,idfa,meid,device uuid,implant id',
  ],
  ['device-id', 'device number,pacemaker serial,unique device id,device serial number,serial'],
  [
    'person',
    'first name,last name,given name,family name,middle name,maiden name,surname,forename,nickname,nick name',
  ],
  [
    'person',
    'preferred name,birth name,former name,name first,name last,name middle,name given,name family,middle initial',
  ],
  [
    'person',
    'firstname,lastname,middlename,maidenname,givenname,familyname,next of kin,cardholder,cardholder name',
  ],
  [
    'person',
    'account holder,accountholder,name on card,card name,patronymic,mother maiden name,alias name,second name',
  ],
  ['person', 'vorname,nachname,apellido,nombre completo,nom de famille,prenom,imie,nazwisko,cognome'],
  [
    'street',
    'street,street address,address line,street name,street number,house number,home address,mailing address',
  ],
  [
    'street',
    'postal address,residential address,residence address,apartment number,po box,address street,address text,streetaddress',
  ],
  [
    'street',
    'physical address,shipping address,billing address,delivery address,work address,business address,full address',
  ],
  ['street', 'addressline,address full,formatted address,strasse,calle,rue,apartment,street line'],
  [
    'zip',
    'zip,zip code,zip4,postal code,post code,zip postal code,pincode,pin code,plz,postal,zip plus4,codigo postal,code postal',
  ],
  [
    'geo',
    'latitude,longitude,geolocation,geo point,lat lng,lat lon,gps,gps coordinate,gps location,lat long,geo location,geocode',
  ],
  [
    'facility',
    'hospital name,facility name,clinic name,practice name,pharmacy name,medical center,nursing home,hospital,clinic',
  ],
  ['facility', 'medical centre,care facility,health facility,provider organization'],
  [
    'date',
    'admission date,admit date,date of admission,admitted on,admitted at,admit time,admission time,discharge date',
  ],
  [
    'date',
    'date of discharge,discharged on,discharged at,discharge time,death date,date of death,dod,deceased date,deceased at',
  ],
  [
    'date',
    'service date,date of service,visit date,appointment date,encounter date,procedure date,surgery date,onset date',
  ],
  [
    'date',
    'diagnosis date,diagnosed on,diagnosed at,exam date,collection date,specimen date,prescription date,fill date',
  ],
  [
    'date',
    'dispensed date,injury date,accident date,hire date,vaccination date,immunization date,marriage date,wedding date',
  ],
  [
    'date',
    'anniversary,date diagnosed,date admitted,date discharged,appointment time,date of injury,date of visit,last visit',
  ],
  [
    'date',
    'date of surgery,date of onset,date of diagnosis,next appointment,date of procedure,operation date,referral date',
  ],
  [
    'dob',
    'dob,date of birth,birth date,birthday,birth day,born,born on,birth year,year of birth,d o b,birthdate',
  ],
  [
    'dob',
    'geburtsdatum,fecha nacimiento,fecha de nacimiento,date naissance,date de naissance,data urodzenia',
  ],
  [
    'dob',
    'birth time,time of birth,birth timestamp,birth ts,birth epoch,birth ms,birth unix,dob epoch,dob ts,dob ms,dob unix',
  ],
  ['vin', 'vin,vehicle id number,vehicle id,vin number,chassis number'],
  [
    'plate',
    'license plate,plate number,vehicle plate,number plate,license plate number,registration plate,tag plate',
  ],
  [
    'username',
    'username,user name,login name,screen name,user login,sam account name,twitter handle,login id,user handle',
  ],
  ['username', 'instagram handle,github username,loginname,logon name'],
];

/** Said by the key alone, or after words for a person or a place. */
export const CLOSED_PHRASES: readonly (readonly [EntityVerdict, string])[] = [
  ['phone', 'mobile,pager,work cell,home cell,personal cell,patient cell,customer cell'],
  ['email', 'mail'],
  ['pl-nip', 'nip'],
  ['es-nie', 'nie'],
  ['geo', 'lat,lon,lng,coordinate,geo,geo coordinate'],
  ['plate', 'plate'],
  ['username', 'login,logon'],
  ['account', 'acct'],
];
