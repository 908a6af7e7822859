import { deviceStates, type JsonDevice } from '@yaolian/contract';
import { usePlace } from '../../platform/router.ts';

/** Which devices are shown, as the address has it. */
export interface DeviceFilter {
  readonly search?: string | undefined;
  readonly state?: JsonDevice['state'] | undefined;
  readonly vendor?: string | undefined;
  readonly model?: string | undefined;
  readonly version?: string | undefined;
  readonly group?: string | undefined;
  readonly seenSince?: string | undefined;
  readonly seenBefore?: string | undefined;
}

const names = ['search', 'vendor', 'model', 'version', 'group', 'seenSince', 'seenBefore'] as const;

export function useFilter(): DeviceFilter {
  const { query } = usePlace();
  const texts = names.flatMap((name) => {
    const text = query.get(name) ?? '';
    return text === '' ? [] : [[name, text]];
  });
  const state = deviceStates.find((one) => one === query.get('state'));
  return { ...Object.fromEntries(texts), ...(state === undefined ? {} : { state }) };
}

/** What of a filter is asked, without what is not. */
export function askedOf(filter: DeviceFilter): DeviceFilter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined && value !== ''));
}

export function placeOf(filter: DeviceFilter): string {
  const query = new URLSearchParams(askedOf(filter) as Record<string, string>);
  return `/devices${query.size === 0 ? '' : `?${query}`}`;
}

export function isFiltered(filter: DeviceFilter): boolean {
  return Object.keys(askedOf(filter)).length > 0;
}

/** The query of a page of the list. */
export function listQuery(filter: DeviceFilter, cursor: string | undefined, limit: number) {
  return { limit, ...(askedOf(filter) as Record<string, never>), ...(cursor === undefined ? {} : { cursor }) };
}
