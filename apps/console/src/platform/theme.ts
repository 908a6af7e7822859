import { keepPreference, readPreference } from './preference.ts';
import { Store } from './store.ts';

export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export const theme = new Store<Theme>(readPreference('theme', themes) ?? 'auto');

export function chooseTheme(choice: Theme): void {
  keepPreference('theme', choice);
  theme.set(choice);
}

/** Style sheets go by `data-theme`; without it, by what the system prefers. */
function show(choice: Theme): void {
  if (choice === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = choice;
}

show(theme.value);
theme.watch(show);
