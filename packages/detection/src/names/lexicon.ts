import { hashWord } from './letters.ts';

/** What a word does around names. A word has one role at most. */
export const Role = {
  none: 0,
  /** Function words: never a name. */
  function: 1,
  title: 2,
  office: 3,
  kin: 4,
  greeting: 5,
  label: 6,
  calendar: 7,
  organization: 8,
  street: 9,
  /** disease, sign, catheter: what an eponym stands before. */
  eponymHead: 10,
  eponym: 11,
  speech: 12,
  particle: 13,
  suffix: 14,
  place: 15,
  /** Words that a title-like word before them does not make a name: Patient Portal, Doctor Appointment. */
  thing: 16,
  closing: 17,
  /** Drugs, mostly brand names. */
  drug: 18,
  /** Products, programs and firms, many with the name of a person. */
  product: 19,
} as const;

/** Words by role, in lower case without diacritics: our own lists. */
const WORDS: readonly (readonly [number, string])[] = [
  [
    Role.function,
    `a about above after again against all also am and another any anyone anything are aren as at be
    because been before being below between both but by can cannot could couldn did didn do does doesn
    doing don down during each either else even ever every everyone few for from further get go got had
    hadn has hasn have haven having he her here hers herself him himself his how however i if in into is
    isn it its itself just lets many me more most much must my myself neither no nor not now of off on
    once one only or other our ours ourselves out over own per please same shall she should shouldn since
    so some someone something such than that the their theirs them themselves then there these they this
    those though through thus to too two three four five six seven eight nine ten under until up upon us
    very was wasn we were weren what whatever when where whether which while who whom whose why with
    within without would wouldn yes yet you your yours yourself yourselves ok okay thanks thank sorry los
    las un una unos unas en por para con sin que se su sus lo es fue ha no si como mas pero este esta
    estos estas ese esa ya muy tras ante bajo desde hasta entre sobre segun durante mediante cuando donde
    porque`,
  ],
  [Role.title, `dr dra mr mrs ms mx prof sra srta dres drs`],
  [
    Role.office,
    `doctor doctora professor sir dame lord lady miss madam rev reverend father sister fr nurse judge
    justice president senator congressman congresswoman governor mayor minister secretary chancellor king
    queen prince princess pope captain capt lieutenant lt sergeant sgt colonel col general gen major maj
    officer detective inspector chief coach director manager ceo cto cfo coo chairman chairwoman chair
    engineer developer admin analyst attorney lawyer counsel solicitor actor actress singer rapper author
    artist player striker champion star host teacher physician surgeon cardiologist oncologist radiologist
    neurologist pharmacist therapist dentist midwife resident intern fellow consultant practitioner
    anesthesiologist psychiatrist pediatrician dermatologist urologist clinician assistant receptionist
    caregiver caseworker counselor hygienist technician tech paramedic don dona senor senora senorita
    founder cofounder producer editor reporter journalist spokesman spokeswoman spokesperson defendant
    plaintiff witness victim suspect employee agent representative rep tenant landlord candidate`,
  ],
  [
    Role.kin,
    `wife husband mother father mom mum dad son daughter brother aunt uncle cousin niece nephew grandmother
    grandfather grandma grandpa grandson granddaughter partner spouse girlfriend boyfriend fiance fiancee
    friend colleague roommate neighbor neighbour boss guardian twin stepson stepdaughter stepmother
    stepfather baby buddy esposa esposo madre padre hijo hija hermano hermana amigo amiga teammate
    coworker mentor`,
  ],
  [
    Role.greeting,
    `hi hello hey dear hola estimado estimada querido querida howdy greetings yo bonjour hallo ciao`,
  ],
  [
    Role.closing,
    `regards sincerely cheers best love warmly yours respectfully saludos atentamente cordially xoxo rgds`,
  ],
  [
    Role.label,
    `name names nombre nombres apellido apellidos surname patient paciente attending provider assignee
    reporter author owner contact caller signed sincerely cc bcc sender recipient medico medica firmado
    remitido subject applicant customer client user employee member insured subscriber beneficiary
    guarantor prescriber reviewer approver requester requestor cardholder payee payer student participant
    passenger guest resident called named alias aka maiden nickname nee speaker interviewer dictated
    transcribed cosigned referring ordering pcp`,
  ],
  [
    Role.calendar,
    `january february march april may june july august september october november december jan feb mar apr
    jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue tues
    wed thu thurs fri sat sun enero febrero marzo abril mayo junio julio agosto septiembre octubre
    noviembre diciembre lunes martes miercoles jueves viernes sabado domingo spring summer autumn winter
    christmas easter thanksgiving halloween ramadan diwali hanukkah am pm utc gmt est pst`,
  ],
  [
    Role.organization,
    `inc ltd llc llp plc corp corporation company co gmbh ag sa nv bv group holdings partners associates
    bank hospital clinic center centre university college school academy institute institution foundation
    trust department dept ministry agency bureau council committee commission association society union
    federation league club church temple mosque museum library theater theatre hotel restaurant cafe
    pharmacy laboratory laboratories labs medical healthcare health systems solutions services industries
    technologies technology software press times post herald gazette tribune news network radio tv
    airlines airways motors records studios pictures entertainment fc united city fund capital ventures
    insurance hospice nursing rehabilitation rehab infirmary sanatorium clinica instituto universidad
    centro ayuntamiento fundacion sociedad servicio unidad party army navy police court senate congress
    parliament airport station stadium arena`,
  ],
  [
    Role.street,
    `street st avenue ave road rd boulevard blvd lane ln drive drv court ct place pl square sq parkway pkwy
    highway hwy terrace way circle cir calle avenida avda plaza paseo rue via strasse strabe straat laan
    weg platz suite apt apartment unit floor bridge park river lake mount mountain creek valley hill hills
    island islands bay beach canyon county state town village district province region parish heights
    ridge point harbor harbour ward wing pavilion tower building hall carretera camino barrio`,
  ],
  [
    Role.eponymHead,
    `disease syndrome sign test score scale scales catheter criteria criterion reflex lymphoma tumor tumour
    sarcoma palsy chorea thyroiditis anemia phenomenon maneuver manoeuvre manouvre procedure operation
    repair classification class grade stage grading index equation formula method stain staining swab
    retractor forceps clamp drain tube contracture fracture dislocation deformity ulcer esophagus
    oesophagus node nodes body bodies cell cells cyst duct gland ligament tendon fasciitis gangrene hernia
    triad triangle law rule theorem effect paradox model distribution position view projection murmur
    respirations respiration breathing nodules nodule spots spot lines line rings ring solution agar
    medium bandage splint brace traction pins plate rod nail prosthesis valve stent shunt pump protocol
    regimen diet questionnaire inventory assessment algorithm encephalopathy dystrophy ataxia atrophy
    neuropathy granulomatosis arteritis vasculitis purpura nephritis gastritis hepatitis angina myopathy
    cardiomyopathy enfermedad sindrome signo escala sonda prueba indice estadio clasificacion maniobra
    tumor linfoma sarcoma presentation lesion malformation anomaly tetralogy paralysis spasm tremor
    dementia psychosis aphasia area fissure correction coefficient ratio trial study`,
  ],
  [
    Role.eponym,
    `parkinson parkinsons alzheimer alzheimers crohn crohns foley apgar glasgow hodgkin hodgkins addison
    cushing cushings graves hashimoto hashimotos huntington huntingtons tourette tourettes marfan turner
    klinefelter edwards patau prader willi angelman noonan ehlers danlos guillain barre sjogren sjogrens
    behcet behcets raynaud raynauds kawasaki wilson wilsons paget pagets meniere menieres barrett barretts
    wernicke korsakoff lou gehrig asperger aspergers babinski murphy rovsing mcburney homans romberg
    phalen tinel lachman trendelenburg babcock kocher whipple billroth roux nissen heller bartholin
    bartholins skene epstein barr coombs schilling mantoux papanicolaou gram giemsa ziehl neelsen wright
    fowler sims trousseau chvostek kernig brudzinski kussmaul cheyne stokes biot charcot osler janeway
    roth quincke bell bells colles smiths bennett dupuytren dupuytrens peyronie hirschsprung meckel
    hirschsprungs fallot eisenmenger ebstein wolff white brugada lown ganong levine holter doppler swan
    ganz hickman broviac tenckhoff penrose jackson pratt sengstaken blakemore kaposi ewing wilms burkitt
    merkel kupffer langerhans bowman henle purkinje golgi schwann ranvier broca brodmann sylvius willis
    monro kellie virchow mallory weiss boerhaave zenker zollinger ellison verner morrison gilbert dubin
    rotor budd chiari caroli child pugh ranson braden norton morse katz lawton barthel karnofsky wells
    geneva framingham ashworth rinne weber snellen ishihara amsler goldmann schirmer stevens johnson lyell
    hansen chagas lyme creutzfeldt jakob pick lewy binswanger hallervorden spatz friedreich tay sachs
    gaucher niemann fabry pompe hurler hunter von willebrand fanconi bartter gitelman liddle conn berger
    goodpasture wegener churg strauss takayasu buerger felty still reiter sweet kikuchi castleman rosai
    dorfman waldenstrom sezary bence jones auer howell jolly heinz ringer ringers hartmann dakin burow
    petri erlenmeyer bunsen faraday kelvin celsius fahrenheit hertz newton pascal joule watt volt ohm
    ampere tesla curie becquerel sievert gray bayes gauss poisson bernoulli fourier laplace euler fisher
    kaplan meier cox mann whitney wilcoxon kruskal pearson spearman bonferroni hawthorne likert beck
    hamilton montgomery asberg edinburgh mallampati cormack lehane caprini khorana hunt hess duke jones
    centor alvarado bishop ballard silverman tanner down downs hirano perthes legg calve osgood schlatter
    scheuermann kohler freiberg sever baker charcots murphys mcburneys sydenham duchenne becker erb
    klumpke horner horners argyll robertson adie marcus gunn parinaud moebius sturge recklinghausen
    bourneville hippel lindau peutz jeghers gardner lynch cowden fraumeni maffucci ollier mccune albright
    digeorge williams rett dravet lennox gastaut west rasmussen todd hoffmann spurling adson finkelstein
    hawkins neer jobe apley mcmurray thompson valsalva heimlich leopold mcroberts lamaze epley dix
    hallpike semont kegel
    sheehan quervain starling schonlein henoch sequard dandy tooth ramsay reye lemierre prinzmetal
    alport waterhouse friderichsen sipple diamond blackfan bruton kostmann letterer siwe erdheim galen
    rathke cowper meissner auerbach pacini ruffini corti reissner bowmans cloquet scarpa camper
    morison retzius hesselbach nabothian naboth lisfranc monteggia galeazzi pott bankart chance segond
    maisonneuve stener bosniak salter gartland garden pauwels schatzker gustilo rockwood breslow gleason
    fuhrman nottingham bethesda fleischner lugano lukes rye killip borg tinetti spetzler kellgren
    outerbridge yergason ober schober ortolani moro galant lhermitte nikolsky auspitz cullen grey
    courvoisier light friedewald mosteller parkland rome cockcroft gault naranjo beers zung yale
    wechsler rorschach stroop denver bayley vineland yankauer bovie weitlaner deaver allis debakey
    metzenbaum bookwalter ommaya quinton cordis seldinger amplatz prolene vicryl jobst stryker malecot
    mahurkar shiley bivona passy muir magill guedel macintosh glidescope wenckebach mobitz wellens
    bachmann dressler corrigan durozier muset traube steell carvallo konno norwood fontan mustard
    senning rastelli blalock taussig veress pfannenstiel lanz battle mcvay bassini shouldice lichtenstein
    stoppa puestow frey beger kasai ladd ramstedt thal dor toupet belsey ivor
    mckeown bricker indiana studer mitrofanoff hynes krantz lefort shirodkar zavanelli rubin leboyer
    naegele montevideo hegar chadwick goodell braxton kubler elisabeth munchausen capgras cotard fregoli
    ganser othello klinefelters bloch sulzberger darier chanarin netherton mycosis mohs woringer kolopp
    spitz schwannoma antoni verocay zellweger refsum krabbe canavan pelizaeus merzbacher leber kearns
    sayre melas lafora unverricht lundborg ohtahara landau kleffner rolandic panayiotopoulos`,
  ],
  [
    Role.speech,
    `said says say told tells asked asks replied answered wrote writes explained stated states reported
    reports added called calls emailed texted phoned spoke met visited joined agreed confirmed noted
    announced claimed thinks thought wants wanted needs requested married dies died born lives works
    worked complained presented denies endorses admitted refuses declined signed approved reviewed
    submitted assigned resigned sued pleaded scored tweeted dijo refiere acude presenta`,
  ],
  [
    Role.particle,
    `van von der den de del della di da dos du la le ter ten bin ibn al el abu ben st mac mc san y e af av
    zu zur`,
  ],
  [
    Role.suffix,
    `jr sr ii iii iv md phd rn np pa do dds dmd esq mba jd cpa lpn msw bsn msn facs dvm pharmd obe mp cna
    crna lcsw`,
  ],
  [
    Role.place,
    `america usa us uk eu england britain scotland wales ireland france germany spain italy portugal greece
    turkey russia ukraine poland sweden norway denmark finland iceland netherlands holland belgium
    switzerland austria hungary romania bulgaria serbia croatia czech slovakia slovenia albania egypt
    libya tunisia algeria morocco nigeria kenya ethiopia ghana uganda tanzania zimbabwe zambia israel
    palestine lebanon syria iraq iran yemen kuwait qatar dubai india pakistan bangladesh nepal china
    taiwan japan korea vietnam thailand malaysia singapore indonesia philippines australia canada mexico
    brazil argentina chile peru colombia venezuela cuba haiti jamaica panama guatemala honduras ecuador
    bolivia paraguay uruguay europe asia africa american british english scottish welsh irish french
    german spanish italian portuguese greek turkish russian ukrainian polish swedish norwegian danish
    finnish dutch belgian swiss austrian hungarian indian pakistani chinese japanese korean vietnamese
    thai filipino australian canadian mexican brazilian afghanistan andorra angola antigua barbuda armenia
    azerbaijan bahamas bahrain barbados belarus belize benin bhutan bosnia herzegovina botswana brunei
    burkina faso burundi cambodia cameroon verde congo costa rica cyprus djibouti dominica dominican
    salvador eritrea estonia eswatini fiji gabon gambia grenada guinea bissau guyana kazakhstan kiribati
    kosovo kyrgyzstan laos latvia lesotho liberia liechtenstein lithuania luxembourg macedonia madagascar
    malawi maldives mali malta mauritania mauritius micronesia moldova monaco mongolia montenegro
    mozambique myanmar namibia nauru nicaragua niger oman palau papua rwanda samoa arabia senegal
    seychelles leone somalia sri lanka sudan suriname tajikistan tanzania timor togo tonga trinidad tobago
    turkmenistan tuvalu emirates uzbekistan vanuatu vatican zealand puerto greenland bermuda aruba macau
    tibet african asian european arab arabic hebrew latin hispanic latino latina caucasian jewish muslim
    christian catholic protestant buddhist hindu alabama alaska arizona arkansas california colorado
    connecticut delaware florida hawaii idaho illinois indiana iowa kansas kentucky louisiana maine
    maryland massachusetts michigan minnesota mississippi missouri montana nebraska nevada hampshire
    jersey york carolina dakota ohio oklahoma oregon pennsylvania rhode tennessee texas utah vermont
    wisconsin wyoming london paris berlin rome madrid barcelona amsterdam brussels vienna moscow tokyo
    beijing shanghai delhi mumbai bangalore seoul boston chicago seattle denver miami atlanta dallas
    houston philadelphia phoenix detroit manhattan brooklyn queens bronx hollywood angeles francisco diego
    vegas orleans washington manchester liverpool birmingham leeds oxford cambridge bristol edinburgh
    dublin sydney melbourne toronto montreal vancouver espana valencia sevilla bilbao zaragoza malaga
    murcia`,
  ],
  [
    Role.thing,
    `portal appointment appointments record records form forms chart charts advocate safety history
    information instructions notes note report reports summary plan list status update account number id
    email address phone date time visit office team staff manager shift care room bed order orders request
    requests ticket tickets issue issues data table file files page section chapter figure version release
    support service customer everyone folks sir madam colleagues friend friends diary santa god lord jesus`,
  ],
  [
    Role.drug,
    `entresto coreg aldactone suboxone ritalin vyvanse imitrex stelara rinvoq dupixent otezla xeljanz
    mounjaro zepbound saxenda victoza levemir novolog tresiba actos glucotrol zetia repatha praluent
    crestor zocor diovan benicar micardis bystolic toprol tenormin cardizem procardia bumex demadex
    savaysa brilinta effient ancef cefepime merrem unasyn flagyl macrobid diflucan zithromax biaxin geodon
    zyprexa latuda vraylar paxil celexa remeron buspar tegretol trileptal vimpat mirapex botox robaxin
    flexeril soma celebrex mobic toradol naprosyn decadron kenalog pulmicort breo dulera xolair cytomel
    premarin provera clomid arimidex femara avastin rituxan gleevec tagrisso zoladex evista boniva reclast
    kayexalate narcan vivitrol antabuse nicorette lisinopril metformin metoprolol eliquis xarelto warfarin
    coumadin aspirin tylenol acetaminophen ibuprofen motrin prednisone amoxicillin augmentin zosyn
    vancomycin levaquin cipro lasix furosemide spironolactone norvasc losartan humira remicade enbrel
    opdivo rituximab herceptin tamoxifen levothyroxine lantus humalog ozempic jardiance januvia farxiga
    zoloft prozac lexapro wellbutrin effexor seroquel abilify risperdal lithium keppra lamictal dilantin
    gabapentin lyrica tramadol oxycodone percocet morphine dilaudid fentanyl naloxone lorazepam xanax
    klonopin valium trazodone benadryl zyrtec claritin albuterol ventolin advair symbicort singulair
    omeprazole prilosec nexium zantac pepcid zofran reglan miralax senna heparin lovenox amiodarone
    diltiazem imdur nitroglycerin clonidine sinemet aricept namenda tamiflu acyclovir valtrex biktarvy
    methotrexate plaquenil allopurinol colchicine prolia flomax finasteride viagra mirena nexplanon yaz
    ensure aciphex actemra afrin aggrenox allegra altace anoro apixaban arixtra asacol atarax atrovent
    avapro azulfidine bentyl betaseron bumetanide butrans bydureon byetta carafate cardura catapres
    cefazolin cellcept chlorthalidone cleocin cogentin compazine concerta copaxone cordarone cosentyx
    daptomycin demerol desyrel dexilant diamox doxycycline duragesic emgality epclusa epogen evenity eylea
    fetzima fioricet forteo genvoya gilenya harvoni hyzaar imbruvica imuran invega invokana isuprel
    kadcyla kineret kytril linzess lomotil lotensin lotrel lunesta luvox macrodantin mavyret meropenem
    mestinon micronase minipress myrbetriq nardil neulasta neupogen norvir nucala nuvigil ocrevus
    oxycontin pamelor parlodel pitocin procrit prograf propecia provigil relpax restoril revlimid rexulti
    rybelsus sandimmune savella simponi strattera subutex symbyax synagis toujeo tradjenta trental tricor
    tysabri uceris ultram uloric vancocin vaseretic vasotec verapamil vesicare viibryd voltaren welchol
    xofluza zanaflex zaroxolyn zestril zomig zyloprim zyvox mucinex sudafed nyquil imodium dulcolax tums
    excedrin midol bengay calamine melatonin lidocaine ketamine etomidate rocuronium succinylcholine
    levophed dobutamine milrinone cardene esmolol atropine epinephrine nimbex precedex`,
  ],
  [
    Role.product,
    `kaiser aetna cigna humana geisinger ruby swift jasmine hadoop elixir erlang scala angular react vue
    ember nest gatsby hugo jekyll magento shopify wix figma asana trello zoom outlook excel chrome firefox
    dalle llama mistral lambda fargate athena bedrock azure einstein tableau looker snowflake ansible
    puppet chef vagrant kibana logstash sentry bugzilla jasper cerner allscripts meditech omnicell pyxis
    fitbit peloton uber lyft airbnb chevrolet dodge lincoln jaguar macallan gerber nestle gillette
    duracell dyson bosch spotify netflix iphone tesla lego barbie kindle alexa cortana claude gemini
    jenkins prometheus django kubernetes docker postgres redis kafka jira gradle julia pascal ada perl
    apache mercurial jupyter splunk vercel heroku loki jaeger zipkin nomad consul envoy concourse nexus
    artifactory snyk okta twilio amplitude mixpanel hubspot marketo freshdesk basecamp miro blender godot
    roblox fortnite pokemon tetris eclipse emacs vim debian ubuntu fedora alpine gentoo solaris darwin
    monterey ventura sonoma arduino ampere hopper turing blackwell rosetta copilot grok alpaca elmo spark
    flink prefect dagster celery puma unicorn tomcat jetty groovy griffon gorilla mux actix serde cargo
    conda jinja flask mocha chai jest puppeteer playwright behat laravel symfony hibernate micronaut guice
    hilt firebase supabase sequelize mongo riak dynamo redshift kinesis macie falco dex kong traefik samba
    postfix exim sendmail mailchimp visa mastercard venmo zelle klarna roomba sonos bose kenmore whirlpool
    hoover carhartt timberland keds vans oakley popeyes starbucks dunkin lipton snapple schweppes cadbury
    toblerone snickers twix sherlock batman superman shrek moana glee initech globex microsoft amazon
    merck pfizer bayer ford chrysler boeing nordstrom tiffany harvard princeton salesforce atlassian
    github slack stripe siemens toyota honda hilton marriott hyatt lufthansa costco walmart wegmans
    safeway albertsons tesco aldi lidl carrefour ikea primark burberry gucci prada dior hermes cartier
    rolex cummins halliburton schlumberger glencore lloyds hsbc santander mckinsey accenture cognizant
    tata infosys mahindra huawei alibaba baidu hitachi mitsubishi suzuki kawasaki matsushita philips
    ericsson maersk heineken guinness molson bombardier reuters bloomberg msnbc everton chelsea tottenham
    juventus ajax celtics lakers yankees packers greenpeace goodwill grafana datadog pagerduty confluence
    bitbucket gitlab teams gmail android ipad macbook windows linux terraform python javascript typescript
    java kotlin rust golang haskell clojure fortran cobol php rails svelte deno postgresql mysql mariadb
    sqlite oracle mongodb cassandra elasticsearch hive airflow databricks aws gcp netlify cloudflare auth
    zendesk paypal google facebook twitter instagram tiktok youtube linkedin reddit snapchat whatsapp
    telegram skype hulu disney nissan mazda subaru hyundai kia bmw audi volkswagen porsche ferrari airbus
    samsung sony panasonic toshiba lenovo dell intel amd nvidia qualcomm ibm siri chatgpt openai anthropic
    nike adidas moderna novartis roche astrazeneca medtronic anthem medicare medicaid xbox playstation
    nintendo minecraft arsenal barcelona bayern travis maven nginx photoshop powerpoint`,
  ],
];

/** The role of each word by its hash. */
export function createRoles(letters: Uint16Array): ReadonlyMap<number, number> {
  const roles = new Map<number, number>();
  for (const [role, words] of WORDS) {
    for (const word of words.split(/\s+/u)) {
      if (word === '') continue;
      const hash = hashWord(letters, word);
      if (!roles.has(hash)) roles.set(hash, role);
    }
  }
  return roles;
}

/** Bits of a word's kind, below its role. */
export const Kind = {
  given: 1,
  surname: 2,
  city: 4,
  common: 8,
  /** Names that many people bear, so that a rare name that is also a word weighs less. */
  frequentGiven: 16,
  frequentSurname: 32,
  /** Shift of the role. */
  role: 6,
  /** All the bits below the role. */
  mask: 63,
} as const;
