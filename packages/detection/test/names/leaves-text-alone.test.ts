import { describe, expect, it } from 'vitest';

import { createNameTagger } from '../../src/names/name-tagger.ts';

const tagger = createNameTagger();

describe('leaves alone', () => {
  it.each([
    "Patient has Parkinson's disease and takes Sinemet.",
    "Crohn's on Remicade, now with an abscess.",
    'Down syndrome is associated with heart defects.',
    'Foley catheter in place, draining clear urine.',
    'Apgar 8 and 9, Glasgow Coma Scale 15.',
    'Hodgkin lymphoma in remission after chemotherapy.',
    'Positive Murphy sign, negative Babinski.',
    'Wolff-Parkinson-White syndrome and Guillain-Barré syndrome',
    "Lactated Ringer's 1 L, then reassess.",
    'Enfermedad de Parkinson, escala de Glasgow 15.',
  ])('the eponym in %j', (text) => {
    expect(tagger.find(text)).toStrictEqual([]);
  });

  it.each([
    'What is the maximum daily dose of Lisinopril?',
    'Continue Coreg, hold Lasix, start Aldactone.',
    'The meeting is on Monday, May 5 in Austin.',
    'Will the April report be ready?',
    'Mark the ticket as done and bill the customer.',
    'Transferred from Mercy Hospital to Massachusetts General Hospital.',
    'Morgan Stanley and Wells Fargo reported earnings.',
    'Johnson & Johnson recalled several lots.',
    'Turn left on Washington Street.',
    'He moved from Jordan to Chad in June.',
  ])('drugs, calendars, firms and places: %j', (text) => {
    expect(tagger.find(text)).toStrictEqual([]);
  });

  it.each([
    'CHIEF COMPLAINT: CHEST PAIN',
    'HISTORY OF PRESENT ILLNESS:',
    'Assessment and Plan',
    'Patient: Denies fever.',
    'Attending: Cardiology service',
    'Dear Customer,',
    'Hello World',
    'Best regards,\nThe Support Team',
    'i hope you will be ok, may be tomorrow',
  ])('headings and phrases: %j', (text) => {
    expect(tagger.find(text)).toStrictEqual([]);
  });

  it.each([
    'const user = new User(firstName, lastName);',
    'import { Component } from "react";',
    'see https://example.com/john/smith?q=Mary',
    'cat /home/john/notes.txt',
    '@johnsmith please look',
    'john_smith and john.smith@example.com',
    'ERROR NullPointerException at com.example.Main.run',
  ])('code, paths, handles and addresses: %j', (text) => {
    expect(tagger.find(text)).toStrictEqual([]);
  });
});
