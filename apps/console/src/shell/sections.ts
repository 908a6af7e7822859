import type { TextKey } from '../catalogue/index.ts';
import type { IconName } from '../ui/icon.tsx';

export interface Section {
  readonly to: string;
  readonly icon: IconName;
  readonly title: TextKey;
}

/** Where the navigation leads. */
export const sections: readonly Section[] = [
  { to: '/', icon: 'overview', title: 'nav.overview' },
  { to: '/devices', icon: 'devices', title: 'nav.devices' },
  { to: '/firmware', icon: 'firmware', title: 'nav.firmware' },
  { to: '/people', icon: 'friends', title: 'nav.remote' },
  { to: '/rooms', icon: 'rooms', title: 'nav.rooms' },
  { to: '/bootstrap', icon: 'access', title: 'nav.access' },
  { to: '/credentials', icon: 'key', title: 'nav.credentials' },
  { to: '/settings', icon: 'settings', title: 'nav.settings' },
];

/** So many sections are in the bar of a phone; "More" has the others. */
export const shownOnPhones = 4;
