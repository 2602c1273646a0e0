import { describe, expect, it } from 'vitest';

import { createNameTagger } from '../../src/names/name-tagger.ts';

const tagger = createNameTagger();

function namesIn(text: string): string[] {
  return tagger.find(text).map(({ start, end }) => text.slice(start, end));
}

describe('finds names of persons', () => {
  it.each<[text: string, names: string[]]>([
    ['Pt seen by Dr. Nguyen today.', ['Nguyen']],
    ['Spoke with wife Maria about the discharge plan.', ['Maria']],
    ['John D. Smith is a 45 y/o male with chest pain.', ['John D. Smith']],
    ['Please contact Emily Johnson about the contract.', ['Emily Johnson']],
    ['Dr. Robert Chen will review your lab results.', ['Robert Chen']],
    ["Mrs. O'Brien denies nausea.", ["O'Brien"]],
    ['Marie-Claire Dubois submitted the report.', ['Marie-Claire Dubois']],
    ['My patient Priya Raghunathan (MRN 88213) has asthma.', ['Priya Raghunathan']],
    ['I had lunch with Zofia Wiśniewski and Kwame Mensah.', ['Zofia Wiśniewski', 'Kwame Mensah']],
    ['Her name is Crystal Hope.', ['Crystal Hope']],
    ['Attendees: Ana, Dmitri and Fatima', ['Ana', 'Dmitri', 'Fatima']],
  ])('in the sentence %j', (text, names) => {
    expect(namesIn(text)).toStrictEqual(names);
  });

  it.each<[text: string, names: string[]]>([
    ['Patient: Xzyq Qwerty', ['Xzyq Qwerty']],
    ['Name: Thorvald Ekdahl\nPhone: 555-0142', ['Thorvald Ekdahl']],
    ['Seen by Dr. D. Vrbnik for follow up.', ['D. Vrbnik']],
    ['Nombre: Ernesto\nApellidos: Rivera Bueno', ['Ernesto', 'Rivera Bueno']],
    ['Remitido por: Dra. Quiroga', ['Quiroga']],
    ['Hi Heiðbrá, your order has shipped.', ['Heiðbrá']],
    ['Patient Name: Smith, John   Sex: M', ['Smith, John']],
    ['Robert Smith, Jr., was seen.', ['Robert Smith, Jr.']],
    ['Dear Mr. Abernathy,', ['Abernathy']],
    ['Best regards,\nOlumide Bakare', ['Olumide Bakare']],
  ])('after a title, a label or a greeting: %j', (text, names) => {
    expect(namesIn(text)).toStrictEqual(names);
  });

  it.each<[text: string, names: string[]]>([
    ['john smith called about his refill', ['john smith']],
    ['PATIENT JOHN SMITH WAS SEEN IN CLINIC TODAY.', ['JOHN SMITH']],
    ['SMITH, JOHN DOB 01/02/1960', ['SMITH, JOHN']],
    ['| Maria Garcia | 42 | active |', ['Maria Garcia']],
  ])('without the usual capitals, or in a table: %j', (text, names) => {
    expect(namesIn(text)).toStrictEqual(names);
  });

  it('looks for the parts of a full name in the whole text', () => {
    const text = 'Wolff said it was late.\nThe caller was Emily Wolff.\nThen Emily hung up.';
    expect(namesIn(text)).toStrictEqual(['Wolff', 'Emily Wolff', 'Emily']);
  });
});
