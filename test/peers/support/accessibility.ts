import axe from 'axe-core';
import type { Page } from 'playwright-core';

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
}

/** What axe-core finds wrong with the page as it is now, by WCAG 2.2 AA and its own best practices; and a window not called like its page. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = (await page.evaluate('axe.run().then(({ violations }) => violations)')) as readonly Violation[];
  const problems = found.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary = '' }) => `${id}: ${help}: ${target.join(' ')}: ${failureSummary}`),
  );
  const [title, heading] = [await page.title(), (await page.locator('h1').first().innerText()).split('\n')[0]!.trim()];
  // Beside a heading may stand how the page is: live.
  const isCalled = title.split(' · ').some((part) => heading.startsWith(part));
  return isCalled ? problems : [...problems, `the window is called "${title}", the page "${heading}"`];
}
