import { isBitcoin } from '../checksums/bitcoin.ts';
import { isIban } from '../checksums/iban.ts';
import { isCardNumber } from '../checksums/luhn.ts';
import { isAba } from '../checksums/national.ts';
import { findCard } from '../matchers/card.ts';
import { findIban } from '../matchers/iban.ts';
import { findIdentifier, findSecurityCode } from '../matchers/identifier.ts';
import type { Rule } from '../rule.ts';
import { ACCOUNT_WORDS, CARD_WORDS, OTHER_NUMBERS } from './context-words.ts';

export const FINANCIAL_RULES: readonly Rule[] = [
  {
    id: 'credit-card',
    entity: 'CREDIT_CARD',
    source: 'https://www.iso.org/standard/70484.html',
    forms: [
      {
        on: 'number',
        digits: [14, 19],
        next: ['end', ' ', ':', '/', '-', ')'],
        edges: 'open',
        find: findCard,
        reach: 4,
      },
      { on: 'number', digits: [4, 4], next: [' ', '-', '.', '.0'], edges: 'open', find: findCard, reach: 40 },
    ],
    validate: isCardNumber,
    before: CARD_WORDS,
    unless: OTHER_NUMBERS,
    scores: { alone: 0.85, context: 0.99, contextInvalid: 0.45 },
    examples: {
      ok: [
        'Card ⟦4111111111111111⟧ approved',
        '⟦5500-0000-0000-0004⟧',
        'amex ⟦3400-000000-00009⟧ ok',
        'pay ⟦4111 1111 1111 1111⟧ now',
        'pay ⟦4111 1111 1111 1111⟧ 12/27 123',
        '⟦4111111111111111⟧ 12/27',
        '⟦4111.1111.1111.1111⟧',
      ],
      ng: [
        '411111111111111',
        '41111111111111111',
        'code 1234567890123456',
        'Sequence 1234 5678 90',
        '0000000000000000',
      ],
    },
  },
  {
    id: 'credit-card-shape',
    entity: 'CREDIT_CARD',
    source: 'https://www.iso.org/standard/70484.html',
    forms: [
      {
        on: 'number',
        digits: [15, 16],
        next: ['end', ' ', ':', '/', ')'],
        edges: 'open',
        find: findCard,
        reach: 4,
      },
      { on: 'number', digits: [4, 4], next: [' ', '-', '.', '.0'], edges: 'open', find: findCard, reach: 40 },
    ],
    before: CARD_WORDS,
    unless: OTHER_NUMBERS,
    window: 32,
    label: true,
    scores: { alone: 0.2, context: 0.6 },
    examples: {
      ok: [
        'credit card number ⟦4111 1111 1111 1112⟧',
        'card: ⟦5500000000000005⟧',
        'tarjeta ⟦4111-1111-1111-1112⟧',
      ],
      ng: ['4111 1111 1111 1112', '5500000000000005', 'inventory 4111111111111112'],
    },
  },
  {
    id: 'credit-card-short',
    entity: 'CREDIT_CARD',
    source: 'https://www.iso.org/standard/70484.html',
    forms: [
      { on: 'number', digits: [12, 13], next: ['end', ' ', ')'], edges: 'open', find: findCard, reach: 4 },
    ],
    validate: isCardNumber,
    before: CARD_WORDS,
    unless: OTHER_NUMBERS,
    scores: { alone: 0.3, context: 0.9 },
    examples: {
      ok: ['Visa card ⟦4222222222222⟧', 'card number ⟦501800000009⟧', 'debit ⟦4222222222222⟧ 12/27'],
      ng: ['4222222222222', 'card 4222222222223', 'EAN 4006381333931'],
    },
  },
  {
    id: 'card-security-code',
    entity: 'CARD_SECURITY_CODE',
    source: 'https://www.pcisecuritystandards.org/document_library/',
    forms: [{ on: 'number', digits: [3, 4], next: ['end'], find: findSecurityCode, reach: 8 }],
    before: ['cvv', 'cvv2', 'cvc', 'cvc2', 'cvn', 'card security code', 'card verification', 'csc code'],
    window: 12,
    label: true,
    scores: { alone: 0, context: 0.85 },
    examples: {
      ok: ['CVV: ⟦123⟧', 'cvc ⟦1234⟧', 'card security code is ⟦999⟧'],
      ng: ['CVV 12345', 'code 123', 'the cvv of the card', 'CVC 120 mm'],
    },
  },
  {
    id: 'iban',
    entity: 'IBAN',
    source: 'https://www.swift.com/standards/data-standards/iban-international-bank-account-number',
    forms: [
      { on: 'token', length: [15, 34], find: findIban, reach: 48 },
      { on: 'token', length: [4, 4], next: [' ', ' a', '-', '-a'], find: findIban, reach: 48 },
    ],
    validate: isIban,
    before: [
      'iban',
      'account',
      'wire',
      'bank',
      'konto',
      'cuenta',
      'transfer',
      'bic',
      'swift',
      'compte',
      'rachunek',
    ],
    scores: { alone: 0.98, context: 0.99, invalid: 0.4, contextInvalid: 0.75 },
    examples: {
      ok: [
        'IBAN ⟦DE44 5001 0517 5407 3249 31⟧ ist',
        'my iban is ⟦gb50mvfc38361978683032⟧',
        '⟦GB69PMNJ18913943430745⟧',
      ],
      ng: ['GB69PMNJ18913943430746', 'XX69PMNJ18913943430745', 'DE44 5001', 'NO15 and some other words here'],
    },
  },
  {
    id: 'us-aba',
    entity: 'ABA',
    locale: 'us',
    source: 'https://www.aba.com/about-us/routing-number',
    forms: [{ on: 'number', digits: [9, 9], next: ['end', ' ', ')'], pattern: '\\d{9}' }],
    validate: isAba,
    before: ['routing', 'aba', 'rtn', 'transit', 'wire'],
    window: 32,
    label: true,
    scores: { alone: 0.25, context: 0.96, contextInvalid: 0.45 },
    examples: {
      ok: ['routing number ⟦021000021⟧', 'ABA: ⟦111000025⟧', 'RTN ⟦322271627⟧'],
      ng: ['021000021', 'ABA 12345678', 'routing 021000022'],
    },
  },
  {
    id: 'account-number',
    entity: 'ACCOUNT',
    source: 'https://www.ecfr.gov/current/title-45/section-164.514',
    forms: [
      {
        on: 'number',
        digits: [6, 17],
        next: ['end', ' ', ')'],
        joined: true,
        find: findIdentifier,
        reach: 60,
      },
      { on: 'number', digits: [2, 6], next: ['-'], joined: true, find: findIdentifier, reach: 60 },
      { on: 'token', length: [2, 24], joined: true, find: findIdentifier, reach: 60 },
    ],
    before: ACCOUNT_WORDS,
    window: 24,
    label: true,
    scores: { alone: 0.1, context: 0.75 },
    examples: {
      ok: ['account number: ⟦000123456789⟧', 'acct ⟦12345678⟧', 'savings account ⟦12-3456789⟧'],
      ng: ['000123456789', 'account opened 2019', 'account for 12 people'],
    },
  },
  {
    id: 'bitcoin',
    entity: 'BTC',
    source: 'https://github.com/bitcoin/bips/blob/master/bip-0173.mediawiki',
    forms: [
      { on: 'token', length: [26, 35], pattern: '[13][1-9A-HJ-NP-Za-km-z]{25,34}' },
      { on: 'token', length: [42, 42], ignoreCase: true, pattern: 'bc1[02-9ac-hj-np-z]{39}' },
      { on: 'token', length: [62, 62], ignoreCase: true, pattern: 'bc1[02-9ac-hj-np-z]{59}' },
    ],
    validate: isBitcoin,
    costly: true,
    before: ['btc', 'bitcoin'],
    scores: { alone: 0.97, context: 0.99, contextInvalid: 0.6 },
    examples: {
      ok: [
        'pay ⟦1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa⟧',
        '⟦bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4⟧',
        '⟦3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy⟧',
      ],
      ng: [
        '1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb',
        'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5',
        '3b18e9f3c2a14d5e8f90a1b2c3d4e5f6',
      ],
    },
  },
];
