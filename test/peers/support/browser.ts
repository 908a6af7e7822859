import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** Debian's, as test/peers/install brings it; not one that a test downloads. */
const executablePath = process.env['YAOLIAN_CHROMIUM'] ?? '/usr/bin/chromium';

const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath, args });
}

/** The console as `npm start` makes it. */
export function buildConsole(): void {
  execFileSync(process.execPath, [join(import.meta.dirname, '../../../apps/console/build.ts')]);
}

export interface View {
  readonly language?: 'en' | 'zh-CN';
  readonly scheme?: 'light' | 'dark';
  readonly width?: number;
}

/** A page of a fresh browser profile, with what went wrong in it: failed scripts, refused content, errors of the console. */
export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly failures: string[];
}

export async function visit(browser: Browser, baseURL: string, view: View = {}): Promise<Visit> {
  const { language = 'en', scheme = 'light', width = 1280 } = view;
  const viewport = { width, height: 860 };
  const context = await browser.newContext({ baseURL, locale: language, colorScheme: scheme, viewport });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const failures: string[] = [];
  page.on('pageerror', (error) => failures.push(error.message));
  page.on('console', (message) => {
    // Before the sign-in the platform says 401, and the browser writes that down.
    if (message.type() === 'error' && !message.text().includes('401')) failures.push(message.text());
  });
  return { context, page, failures };
}

export async function signIn(page: Page, name: string, password: string, place = '/'): Promise<void> {
  await page.goto(place);
  await page.locator('input[autocomplete=username]').fill(name);
  await page.locator('input[type=password]').fill(password);
  await page.keyboard.press('Enter');
  await page.locator('header nav').waitFor();
}
