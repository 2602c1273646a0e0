import { Secret } from '@sallyport/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Receiver } from '../../src/shipping/receiver.ts';
import { SyslogReceiver } from '../../src/shipping/syslog-receiver.ts';
import type { TlsSettings } from '../../src/shipping/tls-settings.ts';
import { plainRecords } from './hostile-journal.ts';
import { receiverContract } from './receiver-contract.ts';
import { hasRsyslog, Rsyslog } from './rsyslog.ts';
import { ShippingBench, until } from './shipping-bench.ts';

const installed = hasRsyslog();

/** imtcp with TLS, which takes clients that have a certificate for `client.test`. */
const INPUT = (_folder: string, port: number): string => `
module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="x509/name"
  permittedPeer=["client.test"])
input(type="imtcp" address="127.0.0.1" port="${port}")`;

function trusted(rsyslog: Rsyslog): TlsSettings {
  return {
    ca: rsyslog.file('ca.pem'),
    certificate: rsyslog.file('client.test.pem'),
    key: new Secret(rsyslog.file('client.test.key')),
  };
}

function receiverFor(rsyslog: Rsyslog, tls: TlsSettings = trusted(rsyslog), host = 'localhost'): Receiver {
  return new SyslogReceiver({ host, port: rsyslog.port, tls, hostname: 'host.test', settleMs: 50 });
}

describe.skipIf(!installed)('syslog over TLS to a real rsyslog', () => {
  receiverContract('syslog over TLS', async () => {
    const rsyslog = await Rsyslog.start(INPUT);
    return {
      receiver: () => receiverFor(rsyslog),
      arrived: async () => rsyslog.arrived(),
      goAway: () => rsyslog.kill('SIGKILL'),
      comeBack: () => rsyslog.start(),
      hang: () => rsyslog.signal('SIGSTOP'),
      resume: () => rsyslog.signal('SIGCONT'),
      hugeReason: 'too_large',
      format: 'ocsf',
      dispose: () => rsyslog.dispose(),
    };
  });

  test('what a receiver may not have stored is sent again as soon as it is back, with no record to wait for', async () => {
    const rsyslog = await Rsyslog.start(INPUT);
    const bench = new ShippingBench();
    try {
      await bench.write(plainRecords(40));
      const shipper = await bench.ship(receiverFor(rsyslog));
      await until(async () => (await shipper.status()).shipped === 40);
      await rsyslog.kill('SIGKILL');
      rsyslog.forget();
      await rsyslog.start();
      await until(() => rsyslog.arrived().length === 40);
      expect((await shipper.status()).shipped).toBe(40);
    } finally {
      await bench.dispose();
      await rsyslog.dispose();
    }
  });

  test('what a receiver may not have stored is sent again by the next process, when this one dies too', async () => {
    const rsyslog = await Rsyslog.start(INPUT);
    const bench = new ShippingBench();
    try {
      await bench.write(plainRecords(40));
      const shipper = await bench.ship(receiverFor(rsyslog));
      await until(async () => (await shipper.status()).shipped === 40);
      await rsyslog.kill('SIGKILL');
      rsyslog.forget();
      await shipper.stop();
      await rsyslog.start();
      await bench.ship(receiverFor(rsyslog));
      await until(() => rsyslog.arrived().length === 40);
      expect(rsyslog.arrived().map(({ sequence }) => sequence)).toEqual(
        Array.from({ length: 40 }, (_, index) => index + 1),
      );
    } finally {
      await bench.dispose();
      await rsyslog.dispose();
    }
  });

  describe('trust', () => {
    let rsyslog: Rsyslog;
    let bench: ShippingBench;
    beforeEach(async () => {
      rsyslog = await Rsyslog.start(INPUT);
      bench = new ShippingBench();
      await bench.write(plainRecords(5));
    });
    afterEach(async () => {
      await bench.dispose();
      await rsyslog.dispose();
    });

    async function refusedWith(receiver: Receiver): Promise<string | undefined> {
      const shipper = await bench.ship(receiver);
      await until(() => bench.told('send_failed').length >= 3);
      expect((await shipper.status()).shipped).toBe(0);
      expect(rsyslog.arrived()).toEqual([]);
      return bench.told('send_failed').at(-1)?.code;
    }

    test('a receiver whose certificate is signed by nobody that is trusted gets nothing', async () => {
      const { ca: _ca, ...tls } = trusted(rsyslog);
      expect(await refusedWith(receiverFor(rsyslog, tls))).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    });

    test('a receiver with a certificate for another name gets nothing', async () => {
      const code = await refusedWith(receiverFor(rsyslog, trusted(rsyslog), '127.0.0.1'));
      expect(code).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    });

    test('a receiver that is reached by its address is checked for the name that is asked of it', async () => {
      const tls = { ...trusted(rsyslog), serverName: 'localhost' };
      await bench.ship(receiverFor(rsyslog, tls, '127.0.0.1'));
      await until(() => rsyslog.arrived().length === 5);
      expect(bench.told('send_failed')).toEqual([]);
    });

    test('nothing counts as accepted while the receiver refuses our certificate', async () => {
      const { ca } = trusted(rsyslog);
      const code = await refusedWith(receiverFor(rsyslog, ca === undefined ? {} : { ca }));
      expect(code).toBeDefined();
    });
  });

  test.each(['cef', 'leef', 'json', 'ecs'] as const)(
    '%s arrives as one message for each record',
    async (format) => {
      const rsyslog = await Rsyslog.start(INPUT);
      const bench = new ShippingBench();
      try {
        await bench.write(plainRecords(5));
        await bench.ship(receiverFor(rsyslog), { format });
        await until(() => rsyslog.arrived().length === 5);
        expect(rsyslog.arrived().map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
      } finally {
        await bench.dispose();
        await rsyslog.dispose();
      }
    },
  );
});
