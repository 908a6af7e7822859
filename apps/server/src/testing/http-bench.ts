import { createHash } from 'node:crypto';
import type { ApiClient, Role } from '@yaolian/contract';
import { CheckedApiClient } from '@yaolian/contract/testing';
import { Enrolment, OperatorAccounts } from '@yaolian/directory';
import { MemoryDeviceStore, MemoryOperatorStore, MemorySettingsStore } from '@yaolian/directory/testing';
import { hours, silentLog } from '@yaolian/kernel';
import { omaObjects } from '@yaolian/lwm2m-objects';
import { SeededRandom, VirtualTime } from '@yaolian/testkit';
import type { FastifyInstance } from 'fastify';
import { addAccessRoutes } from '../api/access.ts';
import { addEnrolmentRoutes } from '../api/enrolment.ts';
import { addObjectRoutes } from '../api/objects.ts';
import { addOperatorRoutes } from '../api/operators.ts';
import { type Config, defaultConfig } from '../config/settings.ts';
import { EventHub } from '../events/event-hub.ts';
import { type CredentialHeaders, isStillGood, requireTokens } from '../http/authentication.ts';
import { addEventStream } from '../http/event-stream.ts';
import { RouteTable } from '../http/mount.ts';
import { createHttpServer } from '../http/server.ts';
import { AddedObjects } from '../model/added-objects.ts';
import { LiveObjectModel } from '../model/live-object-model.ts';

export const password = 'correct horse battery';

export interface BenchParts {
  /** Where added definitions are kept. */
  readonly objectFolder?: string;
  /** Adds what a test wants besides. */
  readonly mount?: (app: FastifyInstance) => void;
}

/** The HTTP half of the platform over stores in memory and virtual time: for tests of what needs no terminal. */
export class HttpBench {
  readonly time = new VirtualTime();
  readonly random = new SeededRandom(1);
  readonly devices = new MemoryDeviceStore();
  readonly model = new LiveObjectModel(omaObjects);
  readonly config: Config;
  readonly accounts: OperatorAccounts;
  readonly hub: EventHub;
  app!: FastifyInstance;

  constructor(config: Partial<Config> = {}) {
    this.config = { ...defaultConfig(), ...config };
    this.accounts = new OperatorAccounts({
      store: new MemoryOperatorStore(),
      // Scrypt takes 50 ms; what these tests are about is elsewhere.
      hasher: { hash: async (text) => `plain:${text}`, verify: async (text, hash) => hash === `plain:${text}` },
      digest: { sha256: (bytes) => createHash('sha256').update(bytes).digest() },
      random: this.random,
      clock: this.time,
    });
    const { time } = this;
    const history = this.config['http.event-history'];
    this.hub = new EventHub({
      ...{ clock: time, timers: time, history, maxReaders: this.config['http.max-event-streams'] },
      maxReadersPerOperator: this.config['http.max-event-streams-per-operator'],
    });
  }

  async open({ objectFolder = '/nonexistent', mount }: BenchParts = {}): Promise<this> {
    const { config, random, accounts, time, devices, model } = this;
    for (const role of ['viewer', 'operator', 'admin'] as const)
      await accounts.addOperator({ name: role, role, password });
    const enrolment = await Enrolment.open({ settings: new MemorySettingsStore(), initialMode: config.enrolment });
    this.app = await createHttpServer({ config, log: silentLog, random, timers: time, version: '0.0.0' });
    requireTokens(this.app, accounts, () => false);
    const table = new RouteTable(this.app);
    addAccessRoutes(table, accounts, config['http.session-lifetime']);
    addOperatorRoutes(table, accounts, { isOn: async () => false });
    addEnrolmentRoutes(table, { enrolment, devices, clock: time, log: silentLog });
    addObjectRoutes(table, model, new AddedObjects({ model, folder: objectFolder, log: silentLog }));
    const isGood = (headers: CredentialHeaders, role: Role) => isStillGood(accounts, headers, role);
    addEventStream(table, { hub: this.hub, timers: time, isStillGood: isGood });
    table.addRefusals();
    mount?.(this.app);
    await this.app.ready();
    return this;
  }

  async token(role: Role): Promise<string> {
    const issued = await this.accounts.issueToken({ operator: role, role, label: 'test', lifetime: hours(1) });
    return issued.token;
  }

  /** A client that calls the routes without a socket. */
  async client(role?: Role): Promise<ApiClient> {
    return new CheckedApiClient({
      baseUrl: 'http://platform.test',
      ...(role === undefined ? {} : { token: await this.token(role) }),
      fetch: async (input, init) => {
        const request = new Request(input, init);
        const body = await request.text();
        const answer = await this.app.inject({
          method: request.method as 'GET',
          url: request.url.slice('http://platform.test'.length),
          headers: Object.fromEntries(request.headers),
          ...(body === '' ? {} : { payload: body }),
        });
        const isEmpty = answer.statusCode === 204;
        return new Response(isEmpty ? null : answer.body, {
          status: answer.statusCode,
          headers: answer.headers as Record<string, string>,
        });
      },
    });
  }

  close(): Promise<void> {
    this.hub.close();
    return this.app.close();
  }
}
