import { type ObjectModel, registeredModel } from '../model.ts';
import type { ObjectLinks, ObjectLinksReader } from '../object-links.ts';
import type { RegisteredClient } from './registered-client.ts';

/** What a registration says of its client: where its objects are, in which versions, and which formats it speaks. */
export interface ClientView {
  readonly links: ObjectLinks;
  /** Looks objects up in the version that the client registered. */
  readonly model: ObjectModel;
}

export function viewOf(
  { registration, endDevices }: RegisteredClient,
  reader: ObjectLinksReader,
  model: ObjectModel,
): ClientView {
  const read = reader.read(registration.objectLinks);
  // An object list of before a restart with larger bounds: as if there were none.
  const { links } = read.ok ? read.value : emptyList(reader);
  return { links, model: registeredModel(model, links, endDevices) };
}

function emptyList(reader: ObjectLinksReader): { readonly links: ObjectLinks } {
  const read = reader.read('');
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
}
