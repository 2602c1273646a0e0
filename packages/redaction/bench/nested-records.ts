const WORDS = (
  'the request was handled by a worker that reads from queue and writes its result to storage before customer service replies ' +
  'with information about their order status shipping delay because system found no matching entry in database for given key'
).split(' ');

export interface NestedRecord {
  readonly id: string;
  readonly status: string;
  readonly total: number;
  readonly createdAt: string;
  readonly note: string;
  readonly customer: {
    readonly name: string;
    readonly email: string;
    readonly phone: string;
    readonly address: {
      readonly street: string;
      readonly city: string;
      readonly zip: string;
      readonly country: string;
    };
  };
  readonly items: readonly {
    readonly sku: string;
    readonly title: string;
    readonly quantity: number;
    readonly price: number;
    readonly tags: readonly string[];
  }[];
}

/** Orders as a shop's tool returns them, always the same; with personal data, or with none. */
export function nestedRecords(count: number, isPersonal: boolean): readonly NestedRecord[] {
  let state = 7;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) % limit;
  };
  const words = (length: number): string =>
    Array.from({ length }, () => WORDS[below(WORDS.length)]).join(' ');
  return Array.from({ length: count }, (_, index) => ({
    id: `order-${index}`,
    status: 'shipped',
    total: below(100_000) / 100,
    createdAt: `2026-0${1 + below(9)}-1${below(10)}T08:${10 + below(50)}:00Z`,
    note: isPersonal ? `${words(30)}, write to user${index}@example.com, ${words(20)}` : words(52),
    customer: {
      name: isPersonal ? `Jane Roe${index}` : 'removed',
      email: isPersonal ? `user${index}@example.com` : 'removed',
      phone: isPersonal ? `(212) 555-0${100 + below(99)}` : 'removed',
      address: { street: words(3), city: 'Springfield', zip: 'none', country: 'US' },
    },
    items: Array.from({ length: 4 }, () => ({
      sku: `SKU-${words(1)}`,
      title: words(6),
      quantity: below(9),
      price: below(10_000) / 100,
      tags: [words(1), words(1), words(1)],
    })),
  }));
}
