import { Secret } from '@sallyport/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Receiver } from '../../src/shipping/receiver.ts';
import { SyslogReceiver } from '../../src/shipping/syslog-receiver.ts';
import type { TlsSettings } from '../../src/shipping/tls-settings.ts';
import { plainRecords } from './hostile-journal.ts';
import { receiverContract } from './receiver-contract.ts';
import type { Daemon } from './daemon.ts';
import { hasRsyslog, Rsyslog } from './rsyslog.ts';
import { ShippingBench, until } from './shipping-bench.ts';
import { hasSyslogNg, SyslogNg } from './syslog-ng.ts';

/** imtcp with TLS, which takes clients that have a certificate for `client.test`. */
const INPUT = (_folder: string, port: number): string => `
module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="x509/name"
  permittedPeer=["client.test"])
input(type="imtcp" address="127.0.0.1" port="${port}")`;

const PLACES = [
  { name: 'rsyslog', installed: hasRsyslog(), begin: (): Promise<Daemon> => Rsyslog.begin(INPUT) },
  { name: 'syslog-ng', installed: hasSyslogNg(), begin: (): Promise<Daemon> => SyslogNg.begin() },
];

function trusted(place: Daemon): TlsSettings {
  return {
    ca: place.file('ca.pem'),
    certificate: place.file('client.test.pem'),
    key: new Secret(place.file('client.test.key')),
  };
}

function receiverFor(place: Daemon, tls: TlsSettings = trusted(place), host = 'localhost'): Receiver {
  return new SyslogReceiver({ host, port: place.port, tls, hostname: 'host.test', settleMs: 50 });
}

for (const { name, installed, begin } of PLACES) {
  describe.skipIf(!installed)(`syslog over TLS to a real ${name}`, () => {
    receiverContract(`syslog over TLS, ${name}`, async () => {
      const place = await begin();
      return {
        receiver: () => receiverFor(place),
        arrived: async () => place.arrived(),
        goAway: () => place.kill('SIGKILL'),
        comeBack: () => place.start(),
        hang: () => place.signal('SIGSTOP'),
        resume: () => place.signal('SIGCONT'),
        hugeReason: 'too_large',
        format: 'ocsf',
        dispose: () => place.dispose(),
      };
    });

    test('what a receiver may not have stored is sent again as soon as it is back, with no record to wait for', async () => {
      const place = await begin();
      const bench = new ShippingBench();
      try {
        await bench.write(plainRecords(40));
        const shipper = await bench.ship(receiverFor(place));
        await until(async () => (await shipper.status()).shipped === 40);
        await place.kill('SIGKILL');
        place.forget();
        await place.start();
        await until(() => place.arrived().length === 40);
        expect((await shipper.status()).shipped).toBe(40);
      } finally {
        await bench.dispose();
        await place.dispose();
      }
    });

    test('what a receiver may not have stored is sent again by the next process, when this one dies too', async () => {
      const place = await begin();
      const bench = new ShippingBench();
      try {
        await bench.write(plainRecords(40));
        const shipper = await bench.ship(receiverFor(place));
        await until(async () => (await shipper.status()).shipped === 40);
        await place.kill('SIGKILL');
        place.forget();
        await shipper.stop();
        await place.start();
        await bench.ship(receiverFor(place));
        await until(() => place.arrived().length === 40);
        expect(place.arrived().map(({ sequence }) => sequence)).toEqual(
          Array.from({ length: 40 }, (_, index) => index + 1),
        );
      } finally {
        await bench.dispose();
        await place.dispose();
      }
    });

    describe('trust', () => {
      let place: Daemon;
      let bench: ShippingBench;
      beforeEach(async () => {
        place = await begin();
        bench = new ShippingBench();
        await bench.write(plainRecords(5));
      });
      afterEach(async () => {
        await bench.dispose();
        await place.dispose();
      });

      async function refusedWith(receiver: Receiver): Promise<string | undefined> {
        const shipper = await bench.ship(receiver);
        await until(() => bench.told('send_failed').length >= 3);
        expect((await shipper.status()).shipped).toBe(0);
        expect(place.arrived()).toEqual([]);
        return bench.told('send_failed').at(-1)?.code;
      }

      test('a receiver whose certificate is signed by nobody that is trusted gets nothing', async () => {
        const { ca: _ca, ...tls } = trusted(place);
        // The second one sends the certificate of its authority along.
        expect(['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'SELF_SIGNED_CERT_IN_CHAIN']).toContain(
          await refusedWith(receiverFor(place, tls)),
        );
      });

      test('a receiver with a certificate for another name gets nothing', async () => {
        const code = await refusedWith(receiverFor(place, trusted(place), '127.0.0.1'));
        expect(code).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
      });

      test('a receiver that is reached by its address is checked for the name that is asked of it', async () => {
        const tls = { ...trusted(place), serverName: 'localhost' };
        await bench.ship(receiverFor(place, tls, '127.0.0.1'));
        await until(() => place.arrived().length === 5);
        expect(bench.told('send_failed')).toEqual([]);
      });

      test('nothing counts as accepted while the receiver refuses our certificate', async () => {
        const { ca } = trusted(place);
        const code = await refusedWith(receiverFor(place, ca === undefined ? {} : { ca }));
        expect(code).toBeDefined();
      });
    });

    test.each(['cef', 'leef', 'json', 'ecs'] as const)(
      '%s arrives as one message for each record',
      async (format) => {
        const place = await begin();
        const bench = new ShippingBench();
        try {
          await bench.write(plainRecords(5));
          await bench.ship(receiverFor(place), { format });
          await until(() => place.arrived().length === 5);
          expect(place.arrived().map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
        } finally {
          await bench.dispose();
          await place.dispose();
        }
      },
    );
  });
}
