import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Enrolment, enrolmentModeSetting, isEnrolmentMode } from './enrolment.ts';
import { MemorySettingsStore } from './testing/index.ts';

describe('the enrolment mode', () => {
  it('is the configured one until an operator sets another', async () => {
    const settings = new MemorySettingsStore();
    const enrolment = await Enrolment.open({ settings, initialMode: 'open' });
    assert.equal(enrolment.mode, 'open');
    assert.equal(await settings.setting(enrolmentModeSetting), undefined);
  });

  it('outlives a restart and is stronger than the configuration', async () => {
    const settings = new MemorySettingsStore();
    await (await Enrolment.open({ settings, initialMode: 'open' })).setMode('allow-list');
    assert.equal((await Enrolment.open({ settings, initialMode: 'open' })).mode, 'allow-list');
  });

  it('changes only once it is stored', async () => {
    const settings = new MemorySettingsStore();
    settings.setSetting = () => Promise.reject(new Error('disk full'));
    const enrolment = await Enrolment.open({ settings, initialMode: 'allow-list' });
    await assert.rejects(enrolment.setMode('open'), /disk full/);
    assert.equal(enrolment.mode, 'allow-list');
  });

  it('refuses to guess what an unknown stored mode means', async () => {
    const settings = new MemorySettingsStore();
    await settings.setSetting(enrolmentModeSetting, 'deny-all');
    await assert.rejects(Enrolment.open({ settings, initialMode: 'open' }), {
      code: 'SETTING_UNREADABLE',
      message: 'the stored setting enrolment-mode is "deny-all"; it can be: open, allow-list',
    });
  });

  it('knows its values', () => {
    assert.equal(isEnrolmentMode('allow-list'), true);
    assert.equal(isEnrolmentMode('closed'), false);
    assert.equal(isEnrolmentMode(undefined), false);
  });
});
