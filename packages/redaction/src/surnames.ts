/**
 * Surnames that are also words, given names, towns or companies: alone, and with no title before them, they are taken for
 * those. The commonest of the census of 2010 (https://www.census.gov/topics/population/genealogy/data/2010_surnames.html)
 * of which that is so.
 */
const WORDS: ReadonlySet<string> = new Set(
  `abbott adams alexander allen andrew ann archer arnold art ash ashley austin bacon bailey baker ball banks barber barn base
bass baxter beach bean bear beard beck bell benjamin bentley berry best bird bishop black blank block bloom blue bolt bond
boss boston bowl bowman branch brand bridge bridges bright brook brooks brown bruce buck bull burns bush butcher butler byrd
cable camp cannon card carpenter carter case cash castle chamber chambers chance chandler chapel chapman charles charlotte
chase christian church clay clerk cliff clinton coach coffee cole cook cooper copper cotton couch court cox craft crane
crawford cross crow curry dale daniel daniels davenport david dawn day dean decker denver diamond dickens doctor dodge dove
drake draw driver duke dunn durham dyer early east easter eaton edge edward edwards elder elliott english evans evening
faith falls farmer faulkner favor fields finch fine finger fisher fish flood florence flower flowers flynn folk ford foreman
forest foster fountain fowler fox frank franklin freeman french friend frost fry fuller gale game garden gardener gardner
garner garrison gates gay general gentry george germany gibbs gift gill glass glover gold golden good goodman gordon
grace graham grant graves gray green greene grey griffin grove guest guy hail hall hamilton hammer hammond hand harbor harden
hardy harper harvey hatch hawk hawkins hayes hays head heard heart heath henry hill hills holiday holland hollow holly holmes
hood hook hooper hope hopper horn house houston howard hubbard hunt hunter ice ireland irons isaac ivory jack jackson jacob
james jasper jay jean jefferson jenkins jersey jewel jordan joseph joy judge june justice karl kay keen kelly kennedy key
keys kind king kirk knight lake lamb lambert lance land lane lang large law lawn lawrence lawson leaf lee leigh leon leonard
lewis lincoln lily lindsay link lion list little lloyd lock logan london long love low lucas luck luna lynch lynn mack madison
major mann march marine mark marks marsh marshall martin mason massey matthew matthews may mayer mayor mays mead mercer merchant
michael miles mill miller mills mitchell monday monroe montgomery moody moon moore morning morris morrow moses moss mount
mountain murray name nash neal nelson new newman newton nice nickel nicholas night noble noon norman north norton nurse
oak oliver olive orange owen owens pace packer page paige palm palmer paris park parker parks parson past patience patient
patrick paul payne peace peacock pearl penn penny pepper perry person peter peters philip piece pierce pike pine pitt place
plant plum pool poole pope porter post potter potts pound power powers pratt price prince prior pryor purple quick quinn
rain raines ralph ramsey randall rankin ray raymond read reader reed reese reeves regal rest reynolds rhodes rice rich
richard richards ridge riggs riley ring rivera rivers roach robert roberts robin robinson rock rogers roman romero root rose
ross roth rowe roy ruby rush russell ryan sage saint salas salt sample sampson samuel sand sands sanders santiago savage
sawyer school scott seal sears self sellers sergeant service sexton shade sharp shaw sheets shell shepherd sheridan sherman
shields ship shoe short silver simmons simon simple singer singleton skinner slate sloan small smart smith snow solis south
spain sparks spear spears spence spencer spring springer springs staff stafford stanley star stark starr steel steele step
stephen stephens sterling stern steven stevens stewart stokes stone storey storm story stout strange street strickland strong
stuart subject suit sullivan summer summers sun sunday swan sweet swift system tanner tate taylor temple terry test thomas
thompson thorn thorne thorpe thunder tiller todd torres town townsend tracy travis trent troy true tucker turner twin tyler
tyson underwood unknown user valley vance vaughn vera vernon victor vincent virginia wade wagner walker wall wallace waller
walls walter walters ward warden ware warner warren washington water waters watson watts wave way wayne weaver webb weber
webster weeks welch wells west wheeler white wild wilder wiley wilkins will william williams willis wills wilson winds winter
winters wise wolf wolfe wood woodard woods woodward word workman wren wright wyatt yard yates york young zimmerman
mobile reading buffalo phoenix bath split corona aurora enterprise independence liberty normal hurricane surprise superior paradise commerce industry weed union progress economy marathon cork laurel cedar coral crystal college center central eagle geneva sandwich`.split(
    /\s+/,
  ),
);
const SUFFIX = /^(?:Jr|Sr|I{1,3}|IV|MD|DO|RN|PhD|DDS|Esq)\.?$/i;
const TITLE =
  /(?:^|[^\p{L}])(?:Mr|Mrs|Ms|Mx|Miss|Mister|Dr|Doctor|Prof|Professor|Sir|Madam|Nurse|Patient|Herr|Frau|Mme|Sra|Rev|Judge|Officer)\.?:? $/iu;
const LONGEST_TITLE = 14;
/** Parkinson's disease, Johnson Street: what is named after somebody long dead, or a place. */
const NAMED_AFTER =
  /^(?:['’]s)? (?:disease|syndrome|sign|test|score|scale|index|palsy|criteria|reflex|fracture|lymphoma|tumou?r|virus|catheter|monitor|bag|tube|clamp|procedure|maneuver|technique|stain|phenomenon|coma|street|st|avenue|ave|road|rd|drive|lane|hospital|clinic|medical|health|inc|ltd|llc|corp|university|college|school|foundation|cent(?:er|re)|institute)\b/i;
const LONGEST_AFTER = 16;
const BEYOND_ASCII = 0x80;
const SHORTEST = 4;
const SHORTEST_TITLED = 2;

/** The surname in a full name, in small letters; undefined where none can be told. */
export function surnameIn(name: string): string | undefined {
  let end = name.length;
  let blank = name.lastIndexOf(' ');
  while (blank !== -1 && SUFFIX.test(name.slice(blank + 1, end))) {
    end = blank;
    blank = blank === 0 ? -1 : name.lastIndexOf(' ', blank - 1);
  }
  const last = name.slice(blank + 1, end);
  return blank === -1 || last.length < SHORTEST_TITLED || !isCapital(last) ? undefined : last.toLowerCase();
}

/** Whether a word that is the surname of somebody in the message means them here: it is written as a name is. */
export function isSurnameAt(text: string, start: number, end: number): boolean {
  const word = text.slice(start, end);
  const rest = word.slice(1);
  if (!isCapital(word) || (rest !== rest.toLowerCase() && rest !== rest.toUpperCase())) return false;
  if (NAMED_AFTER.test(text.slice(end, end + LONGEST_AFTER))) return false;
  if (TITLE.test(text.slice(Math.max(0, start - LONGEST_TITLE), start))) return true;
  return word.length >= SHORTEST && !isOrdinaryWord(word);
}

/** Whether a name alone says nothing: it is a word, too. */
export function isOrdinaryWord(name: string): boolean {
  return WORDS.has(name.toLowerCase());
}

function isCapital(word: string): boolean {
  const code = word.charCodeAt(0);
  if (code < BEYOND_ASCII) return code >= 0x41 && code <= 0x5a;
  const [first = ''] = word;
  return first !== first.toLowerCase();
}
