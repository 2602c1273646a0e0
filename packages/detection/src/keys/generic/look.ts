/** How an object is read, apart from the keys in it. */
export const CONTEXT = {
  none: 0,
  person: 1,
  patient: 2,
  party: 3,
  name: 4,
  address: 5,
  of: 6,
  facility: 7,
  organisation: 8,
  thing: 9,
  plan: 10,
} as const;

/** What else has to be looked at before a key says something. */
export type Look =
  | 'nothing'
  | 'name'
  | 'full-name'
  | 'number'
  | 'id'
  | 'value'
  | 'kept'
  | 'address'
  | 'city'
  | 'region'
  | 'age'
  | 'date'
  | 'calendar'
  | 'birth'
  | 'record-number'
  | 'pin'
  | 'track'
  | 'system-time'
  | 'role'
  | 'facility'
  | 'ip'
  | 'mac'
  | 'name-part'
  | 'address-part'
  | 'part'
  | 'wrapper';

/** What a key is evidence for about the object that it is in: bits. */
export const EVIDENCE = { person: 1, contact: 2, thing: 4, organisation: 8, address: 16 } as const;

/** Phrases after which more is looked at; alone, or after words for a person or a place. */
export const LOOKED_AT: readonly (readonly [Look, string, number])[] = [
  ['name', 'name,display name,displayname,common name,entity name', CONTEXT.name],
  ['id', 'id,uid,uuid,guid', CONTEXT.none],
  ['number', 'number', CONTEXT.none],
  ['value', 'value,val,answer', CONTEXT.none],
  ['address', 'address', CONTEXT.address],
  ['part', 'location,place,residence', CONTEXT.address],
  [
    'city',
    'city,town,municipality,village,county,suburb,locality,hometown,city name,district,city town',
    CONTEXT.none,
  ],
  ['city', 'birth place,birthplace,place of birth,birth city,city of birth', CONTEXT.address],
  ['region', 'state,province,region,country,state province,country code,state code,us state', CONTEXT.thing],
  ['age', 'age,age year,age in year,age at death,age at diagnosis,current age,patient age', CONTEXT.of],
  [
    'calendar',
    'admission,admitted,discharge,discharged,admit,dos,collected,drawn,seen,visit,onset,deceased,died',
    CONTEXT.none,
  ],
  ['birth', 'birth', CONTEXT.of],
  ['record-number', 'csn,fin,har', CONTEXT.none],
  ['pin', 'pin,card pin,pin number,atm pin,debit pin', CONTEXT.none],
  ['mac', 'mac', CONTEXT.none],
  ['name-part', 'first,last,middle,given,family,maiden,nick', CONTEXT.none],
  ['address-part', 'line,unit,apt,suite,floor,building,number street,unit number', CONTEXT.none],
  [
    'part',
    'text,raw,full,formatted,display,content,string,original,current,primary,home,work,personal,office',
    CONTEXT.none,
  ],
  ['part', 'other,main,last4,masked,e164,international,month,day,national,local', CONTEXT.none],
  ['part', 'insurance,coverage,health plan,insurance plan,insurance policy,health insurance', CONTEXT.plan],
  ['part', 'card,payment card', CONTEXT.of],
];

/** The same, whatever words stand before them. */
export const OPEN_LOOKED_AT: readonly (readonly [Look, string, number?])[] = [
  ['full-name', 'full name,fullname,legal name', CONTEXT.name],
  ['date', 'date,date epoch,date ms,date unix,date ts,date timestamp,date second'],
  ['track', 'track1,track2,track data,card track,magstripe,magnetic stripe'],
  [
    'role',
    'created by,updated by,modified by,assigned to,approved by,reported by,reviewed by,signed by',
    CONTEXT.party,
  ],
  [
    'role',
    'ordered by,performed by,referred by,submitted by,dictated by,entered by,verified by',
    CONTEXT.party,
  ],
  [
    'ip',
    'ip,ip address,ipaddress,ip addr,remote address,x forwarded for,x real ip,ipv4,ipv6,ipv4 address,ipv6 address,ipaddr',
  ],
  ['ip', 'peer address,client address,ip4,ip6,remoteaddr,remoteip,clientip'],
  [
    'kept',
    'access code,area code,promo code,source code,http status,error code,blood type,schema version,content type',
  ],
  [
    'kept',
    'mime type,reference range,marital status,id type,birth sex,lot number,model number,page number,line number',
  ],
  [
    'kept',
    'row number,order number,version number,port number,serial version,build number,build id,request id,trace id,span id',
  ],
];

/** What such a phrase says about the object that it is in. */
export const EVIDENCE_OF: ReadonlyMap<Look, number> = new Map<Look, number>([
  ['full-name', 0],
  ['age', EVIDENCE.person],
  ['birth', EVIDENCE.person],
  ['address', EVIDENCE.contact],
  ['city', EVIDENCE.address],
]);
