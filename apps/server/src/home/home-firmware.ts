import { because, type JsonHomeFirmware, type JsonHomeUpdate } from '@yaolian/contract';
import type { AuditTrail } from '@yaolian/directory';
import type { RaRefusal } from '@yaolian/igrs';
import { type FirmwareWish, firmwareActions, mayUseFirmware } from '@yaolian/igrs/server';
import { Refusal } from '../http/refusal.ts';
import { updateToJson } from '../ra/owner-updates.ts';
import type { RaService } from '../ra/ra-service.ts';

export interface HomeFirmwareOptions {
  readonly ra: RaService;
  readonly audit: AuditTrail;
}

/** The firmware of terminals for their owners, decided and noted as over Remote Access. */
export class HomeFirmware {
  readonly #options: HomeFirmwareOptions;

  constructor(options: HomeFirmwareOptions) {
    this.#options = options;
  }

  /** Of a device that looks after it itself nothing is known. @throws Refusal `access-denied` */
  async show(user: string, device: string): Promise<JsonHomeFirmware> {
    const { ra } = this.#options;
    await this.#permit(user, device, 'show');
    const state = await ra.terminals.firmware(device);
    await this.#record(user, device, 'show', 'done');
    if (state === undefined) return { may: false };
    const { version, offer, update } = state;
    return {
      ...(version === undefined ? {} : { version }),
      ...(offer === undefined ? {} : { offer }),
      ...(update === undefined ? {} : { update: updateToJson(update) }),
      may: await mayUseFirmware(ra, { account: user, device, wish: 'update' }),
    };
  }

  /** Begins the update to what is offered, or gives up the one that is under way. @throws Refusal */
  async change(user: string, device: string, wish: 'update' | 'cancel'): Promise<JsonHomeUpdate> {
    const { terminals } = this.#options.ra;
    await this.#permit(user, device, wish);
    const done = await (wish === 'update' ? terminals.updateFirmware(device) : terminals.cancelFirmware(device));
    const refusal = done.ok ? undefined : refusalOf(done.error, wish);
    const outcome = refusal === undefined ? 'done' : refusal.problem.code;
    await this.#record(user, device, wish, outcome, done.ok ? done.value.to : undefined);
    if (!done.ok) throw refusal!;
    return updateToJson(done.value);
  }

  async #permit(user: string, device: string, wish: FirmwareWish): Promise<void> {
    if (await mayUseFirmware(this.#options.ra, { account: user, device, wish })) return;
    await this.#record(user, device, wish, 'forbidden');
    throw new Refusal('access-denied');
  }

  #record(actor: string, device: string, wish: FirmwareWish, outcome: string, subject?: string): Promise<void> {
    const action = firmwareActions[wish];
    return this.#options.audit.record({ door: 'https', actor, action, device, subject, outcome });
  }
}

function refusalOf({ condition }: RaRefusal, wish: 'update' | 'cancel'): Refusal {
  const isUpdate = wish === 'update';
  switch (condition) {
    case 'service-unavailable':
      return new Refusal('not-found', because('firmware-of-its-own'));
    case 'item-not-found':
      return new Refusal('not-found', because(isUpdate ? 'no-firmware-offered' : 'no-update-under-way'));
    case 'not-allowed':
      return new Refusal('conflict', because('update-of-operator'));
    case 'conflict':
      return new Refusal('conflict', because(isUpdate ? 'owner-update-under-way' : 'update-installing'));
    default:
      return new Refusal('unavailable', because('home-failed'));
  }
}
