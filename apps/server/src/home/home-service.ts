import { type AuditTrail, type SecretDigest, UserSessions } from '@yaolian/directory';
import type { Clock, Log, Random, Timers } from '@yaolian/kernel';
import type { ObjectModel } from '@yaolian/lwm2m';
import type { Lwm2mServer } from '@yaolian/lwm2m/server';
import type { Storage } from '@yaolian/storage';
import type { Config } from '../config/settings.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { RouteTable } from '../http/mount.ts';
import { homeCookie, sessionTokenIn } from '../http/session-cookie.ts';
import type { RaService } from '../ra/ra-service.ts';
import { addHomeAccountRoutes } from './account-routes.ts';
import { addHomeDeviceRoutes } from './device-routes.ts';
import { HomeCommands } from './home-commands.ts';
import { HomeDevices } from './home-devices.ts';
import { HomeFirmware } from './home-firmware.ts';
import { HomeStreams } from './home-streams.ts';
import { addHomePeopleRoutes } from './people-routes.ts';

export interface HomeServiceOptions {
  readonly config: Config;
  readonly storage: Storage;
  /** Undefined where Remote Access is off: there is a page then that says so. */
  readonly ra: RaService | undefined;
  /** Ends the connections of an account over XMPP. */
  readonly endConnections: (account: string) => void;
  readonly server: Lwm2mServer;
  readonly fleet: Fleet;
  readonly model: ObjectModel;
  readonly audit: AuditTrail;
  readonly digest: SecretDigest;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
}

/** The door of users of the RA that is REST, with sessions of its own; the other is XMPP. */
export class HomeService {
  readonly sessions: UserSessions;
  readonly #options: HomeServiceOptions;
  readonly #parts:
    | {
        readonly devices: HomeDevices;
        readonly commands: HomeCommands;
        readonly firmware: HomeFirmware;
        readonly streams: HomeStreams;
      }
    | undefined;

  constructor(options: HomeServiceOptions) {
    this.#options = options;
    const { storage, ra, config, clock, random, digest } = options;
    this.sessions = new UserSessions({
      ...{ clock, random, digest },
      store: storage.userSessions,
      accounts: storage.raAccounts,
      lifetime: config['http.home-session-lifetime'],
      maxPerAccount: config['ra.max-sessions'],
    });
    this.#parts = ra && this.#open(ra);
  }

  #open(ra: RaService) {
    const { storage, config } = this.#options;
    const { raDevices, associations, history } = storage;
    const operatorObjects = config['ra.operator-objects'];
    const devices = new HomeDevices({ ...this.#options, ra, raDevices, associations, history, operatorObjects });
    const streams = new HomeStreams({
      ...{ ...this.#options, ra, devices },
      maxStreams: config['http.max-event-streams'],
      maxPerUser: config['ra.max-pages'],
      maxWatches: config['ra.max-page-values'],
      keepFor: config['ra.observe-page-away'],
    });
    const commands = new HomeCommands({ ...this.#options, ra });
    const firmware = new HomeFirmware({ ...this.#options, ra });
    return { devices, commands, firmware, streams };
  }

  /** The pages of users that are open. Undefined where Remote Access is off. */
  get streams(): HomeStreams | undefined {
    return this.#parts?.streams;
  }

  /** Undefined where Remote Access is off. */
  get news(): RaService['news'] | undefined {
    return this.#options.ra?.news;
  }

  mount(table: RouteTable): void {
    const { ra, storage, server, model, clock, timers, audit, endConnections } = this.#options;
    const { sessions } = this;
    const accounts = ra && { domain: ra.domain, accounts: ra.accountServer, sessions, endConnections };
    addHomeAccountRoutes(table, accounts);
    const isStillGood = async (cookie: string | undefined) => {
      const token = sessionTokenIn(cookie, homeCookie);
      return token !== undefined && (await sessions.verify(token)) !== undefined;
    };
    const histories = { history: storage.history, server, model, clock };
    addHomeDeviceRoutes(table, ra && { ra, ...this.#parts!, audit, histories, timers, isStillGood });
    addHomePeopleRoutes(table, ra);
  }

  close(): void {
    this.#parts?.streams.close();
    this.#parts?.commands.close();
  }
}
