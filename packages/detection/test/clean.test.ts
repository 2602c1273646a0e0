import { expect, it } from 'vitest';
import { createDetector } from '../src/index.ts';

const detector = createDetector();

it.each([
  'Which ICD-10 codes cover type 2 diabetes: E11.9, E11.65 or Z79.4?',
  'LOINC 4548-4 (HbA1c) was 7.2 %, LOINC 2345-7 glucose 169 mg/dL',
  'RxNorm 860975 metformin 500 mg twice daily',
  'CPT 99213 and 99214, SNOMED CT 44054006, NDC 0002-8215-01',
  'BP 120/80, HR 72, SpO2 98 %, T 36.6 C, 70 kg, 175 cm',
  'leucocitos 14.610/mm3, plaquetas 206.000/ mm3, TQ 87%',
  'ISBN 978-3-16-148410-0 and ISSN 2049-3630',
  'Order 12345ABC, SKU 4006381333931, tracking 1Z999AA10123456784',
  'Release v2026.2.9, node 20.20.2, kernel 5.15.0-91-generic, 1.2.3-beta.4',
  'Trace 550e8400-e29b-41d4-a716-446655440000 span 00f067aa0ba902b7',
  'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  'commit 9fceb02d0ae598e95dc970b74767f19372d61af8',
  'epoch 1700000000, 1700000000123 ms, 12:30:45 UTC, took 123456789 ns',
  'const x = 0x7f00ff00; arr[12345678]; y += 1234567890;',
  'std::vector<int>::iterator a::b(c::d); Foo::Bar::new()',
  'Numbers 111222333444 are identifiers; 123456789 too; $1234567890',
  'mailserver.local, @alone, not-an-email@, pkg@1.2.3, @scope/name',
  'A 45-year-old man with 90 mg and 95 percent saturation for 12 months',
  'It may be that march was the plan; in may the second of three',
  'Sequence 1234 5678 90, ratio 3:4:5, range 10-20-30, 24/7',
  'the hospital, a clinic, our city and its streets; 3 Main points; 5 minutes on the road',
  'Die Rechnung 4711-0815 vom Lager 12, Regal 3',
])('finds nothing in "%s"', (text) => {
  expect(detector.scan(text)).toEqual([]);
});
