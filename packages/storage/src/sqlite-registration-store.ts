import type { DatabaseSync } from 'node:sqlite';
import type { ObservationRecord, Registration, RegistrationStore } from '@yaolian/lwm2m/server';
import type { CommitListener, GroupCommit } from './group-commit.ts';
import {
  type ObservationRow,
  observationsQuery,
  type RegistrationRow,
  readObservation,
  readRegistration,
  registrationsQuery,
  TextSharing,
  wideDigest,
  wideValues,
} from './registration-rows.ts';
import { RegistrationSlots, type Slot, SlotMark } from './registration-slots.ts';

/**
 * Registrations in SQLite. Each has a slot, the integer key of its rows, which the next registration of the same device takes
 * over. A new registration is one wide row; Updates and repeated Registers that announce the same as before write a narrow
 * one. Slots are read by {@link load}, or by the first call of another method.
 */
export class SqliteRegistrationStore implements RegistrationStore, CommitListener {
  readonly #database: DatabaseSync;
  readonly #commit: GroupCommit;
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #slots = new RegistrationSlots();
  #slotsAreRead = false;

  constructor(database: DatabaseSync, commit: GroupCommit) {
    this.#database = database;
    this.#commit = commit;
    this.#statements = prepareStatements(database);
    commit.listen(this);
  }

  /** What it gives is read while it is iterated over, so that no second copy of everything is in memory. */
  async load(): Promise<{ registrations: Iterable<Registration>; observations: Iterable<ObservationRecord> }> {
    return { registrations: this.#registrations(), observations: this.#observations() };
  }

  register(registration: Registration, replacedId: string | undefined): Promise<void> {
    const replaced = replacedId === undefined ? undefined : this.#slotOf(replacedId);
    const slot = replaced ?? this.#slotOf(registration.id);
    const digest = wideDigest(registration);
    if (slot === undefined)
      return this.#commit.change(() => this.#writeWide(this.#slots.nextFree(), registration, digest));
    if (!(this.#slots.markOf(slot) & SlotMark.observations)) return this.#store(slot, registration, digest);
    return this.#commit.changeTogether(() => {
      this.#statements.removeObservations.run(slot);
      this.#storeNow(slot, registration, digest, SlotMark.none);
    });
  }

  update(registration: Registration): Promise<void> {
    const slot = this.#slotOf(registration.id);
    return slot === undefined ? this.#commit.settled() : this.#store(slot, registration, wideDigest(registration));
  }

  remove(registrationId: string): Promise<void> {
    const slot = this.#slotOf(registrationId);
    if (slot === undefined) return this.#commit.settled();
    return this.#commit.changeTogether(() => {
      const mark = this.#slots.markOf(slot);
      this.#statements.remove.run(slot);
      if (mark & SlotMark.refresh) this.#statements.removeRefresh.run(slot);
      if (mark & SlotMark.observations) this.#statements.removeObservations.run(slot);
      this.#slots.clear(slot);
    });
  }

  addObservation(observation: ObservationRecord): Promise<void> {
    const slot = this.#slotOf(observation.registrationId);
    if (slot === undefined) return this.#commit.settled();
    return this.#commit.change(() => {
      const { registrationId: id, token, path, accept, createdAt, composite = false, query = null } = observation;
      this.#statements.addObservation.run(slot, token, path, accept ?? null, createdAt, composite ? 1 : 0, query);
      const mark = this.#slots.markOf(slot) | SlotMark.observations;
      this.#slots.put(slot, { id, digest: this.#slots.digestOf(slot), mark });
    });
  }

  removeObservation(registrationId: string, token: Uint8Array): Promise<void> {
    const slot = this.#slotOf(registrationId);
    if (slot === undefined) return this.#commit.settled();
    return this.#commit.change(() => {
      this.#statements.removeObservation.run(slot, token);
    });
  }

  committed(): void {
    this.#slots.committed();
  }

  rolledBack(): void {
    this.#slots.rolledBack();
  }

  #slotOf(registrationId: string): number | undefined {
    this.#readSlots();
    return this.#slots.slotOf(registrationId);
  }

  /** Stores what is now in a slot that is taken. */
  #store(slot: number, registration: Registration, digest: number): Promise<void> {
    const store = () => this.#storeNow(slot, registration, digest, this.#slots.markOf(slot) & SlotMark.observations);
    return digest === this.#slots.digestOf(slot) ? this.#commit.change(store) : this.#commit.changeTogether(store);
  }

  #storeNow(slot: number, registration: Registration, digest: number, mark: number): void {
    if (digest === this.#slots.digestOf(slot)) {
      const { id, address, lifetime, registeredAt, updatedAt, peerKey = null } = registration;
      this.#statements.refresh.run(slot, id, address.key, lifetime, registeredAt, updatedAt, peerKey);
      this.#slots.put(slot, { id, digest, mark: mark | SlotMark.refresh });
      return;
    }
    if (this.#slots.markOf(slot) & SlotMark.refresh) this.#statements.removeRefresh.run(slot);
    this.#writeWide(slot, registration, digest, mark);
  }

  #writeWide(slot: number, registration: Registration, digest: number, mark: number = SlotMark.none): void {
    this.#statements.write.run(slot, ...wideValues(registration));
    this.#slots.put(slot, { id: registration.id, digest, mark });
  }

  *#registrations(): Generator<Registration> {
    const fills = !this.#slotsAreRead;
    const observed = fills ? this.#observedSlots() : undefined;
    const texts = new TextSharing();
    for (const row of this.#rows<RegistrationRow>(registrationsQuery)) {
      const registration = readRegistration(row, texts);
      // Unless somebody read them all meanwhile: they may have changed since this reading began.
      if (observed && !this.#slotsAreRead) this.#slots.fill(row[0], slotContent(row, registration, observed));
      yield registration;
    }
    if (fills && !this.#slotsAreRead) this.#slotsAreComplete();
  }

  *#observations(): Generator<ObservationRecord> {
    this.#readSlots();
    for (const row of this.#rows<ObservationRow>(observationsQuery)) {
      const id = this.#slots.idOf(row[0]);
      if (id !== undefined) yield readObservation(row, id);
    }
  }

  /** For whoever did not load, or not to the end. */
  #readSlots(): void {
    if (this.#slotsAreRead) return;
    for (const _ of this.#registrations());
  }

  #slotsAreComplete(): void {
    this.#slots.filled();
    this.#slotsAreRead = true;
  }

  #observedSlots(): Set<number> {
    const slots = new Set<number>();
    for (const [slot] of this.#rows<[number]>('SELECT DISTINCT slot FROM observation')) slots.add(slot);
    return slots;
  }

  /** Rows as arrays, by a statement of its own: two may be iterated over at a time. */
  #rows<Row>(query: string): Iterable<Row> {
    return this.#database.prepare(query, { returnArrays: true }).iterate() as Iterable<unknown> as Iterable<Row>;
  }
}

function slotContent(row: RegistrationRow, registration: Registration, observed: ReadonlySet<number>): Slot {
  const [slot] = row;
  const mark = (row[9] === 1 ? SlotMark.refresh : SlotMark.none) | (observed.has(slot) ? SlotMark.observations : 0);
  return { id: registration.id, digest: wideDigest(registration), mark };
}

function prepareStatements(database: DatabaseSync) {
  return {
    write: database.prepare('REPLACE INTO registration VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    refresh: database.prepare('REPLACE INTO registration_refresh VALUES (?, ?, ?, ?, ?, ?, ?)'),
    removeRefresh: database.prepare('DELETE FROM registration_refresh WHERE slot = ?'),
    remove: database.prepare('DELETE FROM registration WHERE slot = ?'),
    addObservation: database.prepare('REPLACE INTO observation VALUES (?, ?, ?, ?, ?, ?, ?)'),
    removeObservation: database.prepare('DELETE FROM observation WHERE slot = ? AND token = ?'),
    removeObservations: database.prepare('DELETE FROM observation WHERE slot = ?'),
  };
}
