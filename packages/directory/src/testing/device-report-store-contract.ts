import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DeviceReport, DeviceReportStore } from '../device-report.ts';
import type { OpenStore } from './opened-store.ts';

const report: DeviceReport = {
  reportedAt: 1234,
  fields: { mac: '00:11:22:33:44:55', location: '北京' },
  unreadable: { rom: 'it is not Base64' },
};

/** What every {@link DeviceReportStore} does. */
export function deviceReportStoreContract(name: string, open: OpenStore<DeviceReportStore>): void {
  describe(`${name} keeps the contract of DeviceReportStore`, () => {
    it('keeps the newest report of each device', async () => {
      const { store, close } = await open();
      assert.equal(await store.report('861111003929110'), undefined);
      await store.putReport('861111003929110', { ...report, reportedAt: 1 });
      await store.putReport('861111003929110', report);
      await store.putReport('another', { reportedAt: 2, fields: {}, unreadable: {} });
      assert.deepEqual(await store.report('861111003929110'), report);
      await close();
    });

    it('forgets', async () => {
      const { store, close } = await open();
      await store.putReport('861111003929110', report);
      assert.equal(await store.removeReport('861111003929110'), true);
      assert.equal(await store.removeReport('861111003929110'), false);
      assert.equal(await store.report('861111003929110'), undefined);
      await close();
    });

    it('keeps everything over a restart', async () => {
      const opened = await open();
      await opened.store.putReport('861111003929110', report);
      if (opened.reopen) assert.deepEqual(await (await opened.reopen()).report('861111003929110'), report);
      await opened.close();
    });
  });
}
