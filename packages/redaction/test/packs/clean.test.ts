import { describe, expect, it } from 'vitest';

import { expandPack, PACKS } from '../../src/packs/index.ts';
import { CLINICAL, CLINICAL_DATA, pass } from './rig.ts';

/** Nothing in these is of a person. */
const TEXTS: readonly string[] = [
  CLINICAL,
  'Which ICD-10 codes cover type 2 diabetes: E11.9, E11.65 or Z79.4?',
  'Metformin 500 mg twice daily with meals; hold when eGFR < 30 mL/min/1.73 m2.',
  'CPT 99213 and 99214, HCPCS G0438, SNOMED CT 44054006, NDC 0002-8215-01, CVX 208',
  'The MRI of the left knee shows a tear of grade 2; follow up in 6 weeks.',
  'A 45-year-old man, 70 kg, with chest pain for 3 days; troponin 0.04 ng/mL.',
  'Card payments settle in 2 days; a PIN has four digits and a CVV has three.',
  'const total = items.reduce((sum, item) => sum + item.price, 0); // 12345678',
  '# Release v2026.2.9\n\n- node 20.20.2, kernel 5.15.0-91-generic\n- 1.2.3-beta.4\n',
  '{\n  "resourceType" : "Observation",\n  "status": "final", "valueQuantity": { "value": 7.20, "unit": "%" }\n}',
];

const OBSERVATION = {
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '4548-4', display: 'Hemoglobin A1c' }] },
  valueQuantity: { value: 7.2, unit: '%', system: 'http://unitsofmeasure.org', code: '%' },
  interpretation: [{ coding: [{ code: 'H', display: 'High' }] }],
};

const MEDICATION = {
  resourceType: 'MedicationRequest',
  status: 'active',
  intent: 'order',
  medicationCodeableConcept: {
    coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: '860975' }],
    text: 'metformin hydrochloride 500 MG',
  },
  dosageInstruction: [{ text: '1 tablet twice daily', doseAndRate: [{ doseQuantity: { value: 1 } }] }],
};

describe.each([...PACKS.values()])('$name', (pack) => {
  const rules = expandPack(pack, { direction: 'results', operator: 'block' });

  it('passes clean documents byte for byte, and refuses none', async () => {
    for (const structuredContent of [OBSERVATION, MEDICATION, CLINICAL_DATA]) {
      const texts = [...TEXTS, JSON.stringify(structuredContent, null, 2)];
      const result = { content: texts.map((text) => ({ type: 'text', text })), structuredContent };
      const before = JSON.stringify(result);
      const ran = await pass(rules, result);
      expect(ran.refusal?.message).toBeUndefined();
      expect(JSON.stringify(ran.result?.result)).toBe(before);
    }
  });
});
