import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { nodeClock, ownCertificate } from '@yaolian/node-runtime';
import { nodeServer } from './echo-servers.ts';
import { type PinnedServer, startPinned } from './pinned-process.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { runXmppLoad } from './xmpp-load.ts';

export interface XmppPorts {
  /** No TLS. */
  readonly plain: number;
  readonly tls: number;
  readonly startTls: number;
}

export interface XmppServerNeeds {
  /** Accounts u0, u1, … with the password `secret`. */
  readonly accounts: number;
  /** Every message is kept in an archive. */
  readonly archives: boolean;
}

/** A server of `bench.test` that takes part. */
export interface XmppContender {
  readonly name: string;
  readonly mechanism: 'SCRAM-SHA-256' | 'PLAIN';
  /** The figures that it can show. */
  readonly canArchive: boolean;
  readonly canStartTls: boolean;
  readonly isInstalled: () => boolean;
  start(ports: XmppPorts, needs: XmppServerNeeds): Promise<PinnedServer>;
}

const ports = ({ plain, tls }: XmppPorts) => [String(plain), String(tls)];
const onOff = (archives: boolean) => (archives ? 'on' : 'off');

export const platform: XmppContender = {
  name: 'Yaolian, whole platform',
  mechanism: 'SCRAM-SHA-256',
  canArchive: true,
  canStartTls: true,
  isInstalled: () => true,
  start: (at, { accounts, archives }) => {
    const args = [...ports(at), String(at.startTls), temporaryFolder(), String(accounts), onOff(archives)];
    return startPinned(nodeServer('xmpp-platform', ...args));
  },
};

export const relay: XmppContender = {
  name: 'bare relay on Node',
  mechanism: 'PLAIN',
  canArchive: false,
  canStartTls: false,
  isInstalled: () => true,
  start: (at) => startPinned(nodeServer('xmpp-relay', ...ports(at))),
};

export const prosody: XmppContender = {
  name: 'Prosody',
  mechanism: 'SCRAM-SHA-256',
  canArchive: true,
  canStartTls: true,
  isInstalled: () => isThere('prosody'),
  start: async (at, needs) => {
    const folder = await folderWithCertificate();
    const env = {
      BENCH_FOLDER: folder,
      BENCH_PORT: String(at.plain),
      BENCH_TLS_PORT: String(at.tls),
      BENCH_ARCHIVE: onOff(needs.archives),
    };
    const config = join(import.meta.dirname, 'xmpp-peers/prosody.cfg.lua');
    const isReady = () => answers(at.plain);
    const command = ['prosody', '--root', '--config', config, '-F'];
    return withAccounts(await startPinned(command, { env, isReady }), at, needs);
  },
};

export const ejabberd: XmppContender = {
  name: 'ejabberd',
  mechanism: 'SCRAM-SHA-256',
  canArchive: false, // Debian's mod_mam wants a database of its own
  canStartTls: true,
  isInstalled: () => isThere('ejabberdctl'),
  start: async (at, needs) => {
    const folder = await folderWithCertificate();
    const template = readFileSync(join(import.meta.dirname, 'xmpp-peers/ejabberd.yml'), 'utf8');
    const config = template
      .replaceAll('@PORT@', String(at.plain))
      .replaceAll('@TLS_PORT@', String(at.tls))
      .replaceAll('@FOLDER@', folder);
    writeFileSync(join(folder, 'ejabberd.yml'), config);
    mkdirSync(join(folder, 'mnesia'));
    // One scheduler: it has one core, as everybody. What ejabberdctl does, without its change of user.
    const command = [
      ...['erl', '-noinput', '+S', '1', '+K', 'true', '-pa', ejabberdCode()],
      ...['-mnesia', 'dir', `"${join(folder, 'mnesia')}"`, '-ejabberd', 'config', `"${join(folder, 'ejabberd.yml')}"`],
      ...['-ejabberd', 'log_path', `"${join(folder, 'ejabberd.log')}"`, '-s', 'ejabberd'],
    ];
    const env = { ERL_LIBS: ejabberdLibraries };
    return withAccounts(await startPinned(command, { env, isReady: () => answers(at.plain) }), at, needs);
  },
};

const ejabberdLibraries = '/usr/lib/x86_64-linux-gnu';

function ejabberdCode(): string {
  const found = execFileSync('sh', ['-c', `ls -d ${ejabberdLibraries}/ejabberd-*/ebin`], { encoding: 'utf8' });
  return found.trim().split('\n')[0]!;
}

async function withAccounts(server: PinnedServer, at: XmppPorts, needs: XmppServerNeeds): Promise<PinnedServer> {
  await runXmppLoad({ mode: 'register', port: at.plain, pid: server.pid, flags: { n: needs.accounts, c: 8 } });
  return server;
}

async function folderWithCertificate(): Promise<string> {
  const folder = temporaryFolder();
  const { certificate, key } = await ownCertificate({ folder: join(folder, 'tls'), clock: nodeClock });
  writeFileSync(join(folder, 'certificate.pem'), certificate);
  writeFileSync(join(folder, 'key.pem'), key);
  writeFileSync(join(folder, 'both.pem'), `${certificate}\n${key}`);
  return folder;
}

/** Resolves when somebody takes connections there. */
async function answers(port: number): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('connect', () => resolve(true));
      socket.on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (isOpen) return;
    await wait(100);
  }
  throw new Error(`nobody listens on ${port}`);
}

function isThere(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // `which` says so by its exit code
  }
}
