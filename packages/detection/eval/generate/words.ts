/** Words to make values from. Names, towns and streets are common ones; no combination is meant to be a person. */
const list = (text: string): readonly string[] => text.split('|');

export const GIVEN: readonly string[] = list(
  'Maria|James|Aisha|Robert|Elena|Wei|Fatima|John|Priya|Lars|Sofia|Carlos|Emily|Daniel|Hannah|Ahmed|Olivia|Miguel|Grace|Thomas|Linda|Kevin|Rosa|Peter',
);
export const SURNAMES: readonly string[] = list(
  'Johnson|Garcia|Okafor|Smith|Novak|Larsson|Patel|Moreau|Kim|Williams|Hernandez|Thompson|Nguyen|Schneider|Rossi|Brown|Martinez|Anderson|Taylor|Rodriguez|Lewis|Walker|Hall|Young',
);
export const DOMAINS: readonly string[] = list(
  'example.com|example.org|mail.example.net|company.co.uk|hospital.example.edu|acme.io|clinic.health|firma.example.de|web.photography',
);
export const MONTHS: readonly string[] = list(
  'January|February|March|April|May|June|July|August|September|October|November|December',
);
export const STREET_NAMES: readonly string[] = list(
  'Oak|Maple|Main|Pine|Washington|Lake View|Elm|Cedar Ridge|Martin Luther King|Highland|Park|Sunset|St. James|Church Hill|Lincoln',
);
export const STREET_SUFFIXES: readonly string[] = list(
  'Street|St|St.|Avenue|Ave|Ave.|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Way|Place|Terrace|Parkway|Circle|Trail',
);
export const UK_SUFFIXES: readonly string[] = list(
  'Road|Street|Lane|Close|Gardens|Crescent|Mews|Avenue|Terrace|Grove',
);
export const SPANISH_STREETS: readonly string[] = list(
  'Mayor|de Alcalá|Gran Vía|Miguel de Cervantes|San Juan|de la Constitución|del Prado|Velázquez|Doctor Fleming|Sol',
);
export const GERMAN_STREETS: readonly string[] = list(
  'Hauptstraße|Bahnhofstr.|Goethestraße|Lindenweg|Königsallee|Schillerplatz|Berliner Straße',
);
export const CITIES: readonly string[] = list(
  'Springfield|Dallas|Portland|Boston|San Diego|Chicago|Seattle|Lake Stevens|Salt Lake City|Baton Rouge|Tucson|Fresno|Albany|Leeds|Bristol|Madrid|Sevilla',
);
export const FACILITY_LEADS: readonly string[] = list(
  "St. Mary's|Mercy|Riverside|Mount Sinai|Northwestern|Cedar Valley|Johns Hopkins|Lakeside|Good Samaritan|Bayview",
);
export const DRUGS: readonly string[] = list(
  'metformin|lisinopril|atorvastatin|warfarin|levothyroxine|albuterol|insulin glargine|amoxicillin|sertraline|omeprazole|gabapentin|apixaban',
);
