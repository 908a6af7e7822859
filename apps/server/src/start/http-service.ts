import type { AddressInfo } from 'node:net';
import type { JsonStatus } from '@yaolian/contract';
import type { DeviceStore, Enrolment, OperatorAccounts } from '@yaolian/directory';
import { type Clock, type Log, type Random, socketAddress, type Timers, toMilliseconds } from '@yaolian/kernel';
import type { BootstrapConfigStore } from '@yaolian/lwm2m/bootstrap';
import type { Lwm2mServer } from '@yaolian/lwm2m/server';
import type { PrometheusMeter } from '@yaolian/node-runtime';
import type { SqliteCampaignStore, SqliteFirmwareStore } from '@yaolian/storage';
import type { FastifyInstance } from 'fastify';
import { addAccessRoutes } from '../api/access.ts';
import { addBootstrapRoutes } from '../api/bootstrap.ts';
import { addCampaignRoutes } from '../api/campaigns.ts';
import { addCompositeRoutes } from '../api/composite.ts';
import { addDeviceRoutes } from '../api/devices.ts';
import { addEnrolmentRoutes } from '../api/enrolment.ts';
import { addFirmwareRoutes } from '../api/firmware.ts';
import { addObjectRoutes } from '../api/objects.ts';
import { addObservationRoutes } from '../api/observations.ts';
import { addOperationRoutes } from '../api/operations.ts';
import { addPlatformRoutes } from '../api/platform.ts';
import { addProfileRoutes } from '../api/profiles.ts';
import { addQueueRoutes } from '../api/queue.ts';
import type { Config } from '../config/settings.ts';
import { platformErrors } from '../errors.ts';
import type { EventHub } from '../events/event-hub.ts';
import type { FirmwareService } from '../firmware/firmware-service.ts';
import { addHttpPackages } from '../firmware/http-packages.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { isStillGood, requireTokens } from '../http/authentication.ts';
import { addEventStream } from '../http/event-stream.ts';
import { RouteTable } from '../http/mount.ts';
import { createHttpServer } from '../http/server.ts';
import type { AddedObjects } from '../model/added-objects.ts';
import type { LiveObjectModel } from '../model/live-object-model.ts';

export interface HttpServiceOptions {
  readonly config: Config;
  readonly log: Log;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly version: string;
  readonly accounts: OperatorAccounts;
  readonly enrolment: Enrolment;
  readonly devices: DeviceStore;
  readonly bootstrapConfigs: BootstrapConfigStore;
  readonly model: LiveObjectModel;
  readonly addedObjects: AddedObjects;
  readonly fleet: Fleet;
  readonly server: Lwm2mServer;
  readonly hub: EventHub;
  readonly firmware: FirmwareService;
  readonly firmwareStore: SqliteFirmwareStore;
  readonly campaignStore: SqliteCampaignStore;
  readonly metrics: PrometheusMeter;
  /** Where everything listens; the service adds itself. */
  readonly listening: JsonStatus['listening'];
  readonly udpAdapter: string;
}

/** REST, events and metrics on a TCP port. */
export class HttpService {
  readonly #app: FastifyInstance;
  readonly #options: HttpServiceOptions;
  #isStopping = false;

  private constructor(app: FastifyInstance, options: HttpServiceOptions) {
    this.#app = app;
    this.#options = options;
  }

  /** @throws YaolianError HTTP_… */
  static async open(options: HttpServiceOptions): Promise<HttpService> {
    const service = new HttpService(await createHttpServer(options), options);
    service.#mount();
    await service.#listen();
    return service;
  }

  #mount(): void {
    const {
      config,
      timers,
      accounts,
      enrolment,
      devices,
      bootstrapConfigs,
      clock,
      log,
      model,
      addedObjects,
      fleet,
      server,
      hub,
    } = this.#options;
    requireTokens(this.#app, accounts, (url) => url === '/metrics' && config['http.public-metrics']);
    const table = new RouteTable(this.#app);
    const onRemoved = (key: string, endpoint: string | undefined) =>
      hub.publish({ type: 'device.removed', time: clock.epoch(), device: key, endpoint, data: () => ({}) });
    addAccessRoutes(table, accounts, config['http.session-lifetime']);
    addEnrolmentRoutes(table, { enrolment, devices, clock, log });
    addDeviceRoutes(table, { fleet, devices, server, model, onRemoved });
    addOperationRoutes(table, { fleet, server, model, clock });
    addCompositeRoutes(table, { fleet, server, model, clock });
    addQueueRoutes(table, { fleet, server, model });
    addProfileRoutes(table, server);
    addObservationRoutes(table, { fleet, server, model, clock });
    addBootstrapRoutes(table, { configs: bootstrapConfigs, model, log });
    addObjectRoutes(table, model, addedObjects);
    addEventStream(table, {
      hub,
      timers,
      isStillGood: (authorization) => isStillGood(accounts, authorization),
    });
    const { firmware, firmwareStore: store, campaignStore } = this.#options;
    addFirmwareRoutes(table, { firmware, store, fleet, log });
    addCampaignRoutes(table, { firmware, files: store, store: campaignStore, fleet, log });
    addHttpPackages(this.#app, { files: store, folder: firmware.folder, onServed: firmware.served });
    addPlatformRoutes(table, {
      ...this.#options,
      profile: config.profile,
      isStopping: () => this.#isStopping,
      openApi: () => this.#app.swagger(),
    });
    table.addRefusals();
  }

  async #listen(): Promise<void> {
    const { config, listening } = this.#options;
    const host = config['http.host'];
    const port = config['http.port'];
    this.#app.server.maxConnections = config['http.max-connections'];
    try {
      await this.#app.listen({ host, port });
    } catch (error) {
      throw listenError(socketAddress(host, port).key, error);
    }
    const bound = this.#app.server.address() as AddressInfo;
    this.#options.firmware.listening(socketAddress(bound.address, bound.port));
    listening.push({ service: 'http', url: `http://${socketAddress(bound.address, bound.port).key}` });
  }

  /** Ends event streams, takes no new request, and waits for those in hand, but no longer than `stop.drain`. */
  async close(): Promise<void> {
    this.#isStopping = true;
    this.#options.hub.close();
    const closed = this.#app.close();
    const drain = toMilliseconds(this.#options.config['stop.drain']);
    const patience = setTimeout(() => this.#app.server.closeAllConnections(), drain);
    await closed.finally(() => clearTimeout(patience));
  }
}

function listenError(place: string, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return platformErrors.HTTP_ADDRESS_IN_USE(place, error);
  if (code === 'EACCES') return platformErrors.HTTP_ACCESS_DENIED(place, error);
  if (code === 'EADDRNOTAVAIL') return platformErrors.HTTP_ADDRESS_UNAVAILABLE(place, error);
  return platformErrors.HTTP_OPEN_FAILED(place, message, error);
}
