/** What the console asks in Chromium before a device is restarted or reset to factory settings. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routes } from '@yaolian/contract';
import { openPlatform } from '../support/platform.ts';
import { openTerminal } from '../support/terminal.ts';
import { accessibilityProblems } from './support/accessibility.ts';
import { buildConsole, openBrowser, signIn, visit } from './support/browser.ts';

const password = 'correct horse battery';

test('Reboot and Factory Reset say what they do to the device, in both languages', async () => {
  buildConsole();
  await using bench = await openPlatform();
  await bench.admin.call(routes.addOperator, { body: { name: 'the-operator', role: 'operator', password } });
  await using terminal = await openTerminal({ endpointName: 'lamp', server: bench.coap });
  terminal.client.start();
  await terminal.client.registered();
  const browser = await openBrowser();
  try {
    for (const [language, width, reboot, reset, action] of [
      ['en', 1280, 'The device restarts at once', 'It may have to bootstrap', 'Reset to factory settings'],
      ['zh-CN', 390, '设备将立即重启', '设备可能需要重新引导', '恢复出厂设置'],
    ] as const) {
      const { page, failures, context } = await visit(browser, bench.httpUrl, { language, width });
      await signIn(page, 'the-operator', password, '/devices/lamp');
      const dialog = page.getByRole('dialog');
      for (const [path, told] of [
        ['/3/0/4', reboot],
        ['/3/0/5', reset],
      ] as const) {
        await page.locator(`tr[data-path="${path}"] [data-act="resource.execute"]`).click();
        await dialog.getByText(told).waitFor();
        assert.deepEqual(await accessibilityProblems(page), []);
        if (path === '/3/0/5') await dialog.getByRole('button', { name: action }).waitFor();
        await page.keyboard.press('Escape');
        await dialog.waitFor({ state: 'detached' });
      }
      assert.deepEqual(failures, []);
      await context.close();
    }
  } finally {
    await browser.close();
  }
});
