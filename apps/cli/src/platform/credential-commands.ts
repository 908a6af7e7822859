import { randomBytes } from 'node:crypto';
import {
  CredentialFileReader,
  credentialPurposes,
  type JsonCredential,
  type JsonNewCredential,
  routes,
} from '@yaolian/contract';
import { encodeHex } from '@yaolian/kernel';
import { Argument, type Command, Option } from 'commander';
import { type Cli, completeFiles, completeWith } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { addExamples } from '../help.ts';
import { addOscoreOptions, addOscoreRederive, type OscoreOptions } from '../oscore-options.ts';
import type { Column } from '../output/table.ts';
import { localTime } from '../output/time.ts';
import { fingerprintOption, integerOption, pskOption } from '../parsers.ts';
import { runImport } from './import-run.ts';
import { certificateDer, publicKeyDer } from './pem-files.ts';
import { collectPages, onPlatformRun } from './platform-command.ts';

export function registerCredentialCommands(parent: Command, cli: Cli): void {
  const credentials = parent
    .command('credentials')
    .summary('list, add and remove with what terminals prove who they are')
    .description(
      'Pre-shared keys, public keys and certificates of endpoints, for DTLS and TLS, and security contexts of OSCORE. An endpoint that has one registers with it only.',
    );
  addExamples(credentials, [
    ['A new pre-shared key, shown once', 'yaolian credentials add my-device'],
    ['What my-device has', 'yaolian credentials list --endpoint my-device'],
  ]);
  registerList(credentials, cli);
  registerAdd(credentials, cli);
  registerRemove(credentials, cli);
  registerImport(credentials, cli);
}

const columns: readonly Column<JsonCredential>[] = [
  { title: 'ID', value: ({ id }) => id },
  { title: 'ENDPOINT', value: ({ endpoint }) => endpoint, shrinks: true },
  { title: 'KIND', value: ({ kind }) => kind },
  { title: 'PROOF', value: (one) => one.identity ?? one.name ?? one.fingerprint ?? contextText(one), shrinks: true },
  { title: 'FOR', value: ({ purpose }) => purpose },
  { title: 'FROM', value: ({ issued }) => (issued ? 'bootstrap' : 'operator') },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'ADDED', value: ({ createdAt }) => localTime(createdAt) },
];

/** `01`, or `01 in cafe` with an ID Context. */
function contextText({ senderId = '', idContext }: JsonCredential): string {
  return idContext === undefined ? senderId : `${senderId} in ${idContext}`;
}

interface ListOptions {
  readonly limit: number;
  readonly endpoint?: string;
}

function registerList(parent: Command, cli: Cli): void {
  const command = parent
    .command('list')
    .alias('ls')
    .summary('list credentials')
    .description('List credentials, without their secrets.')
    .addOption(new Option('-e, --endpoint <name>', 'of this endpoint alone'))
    .addOption(
      new Option('--limit <number>', 'at most so many')
        .argParser(integerOption('a limit', 1, 10_000_000))
        .default(1000),
    );
  addExamples(command, [['List them', 'yaolian credentials list']]);
  onPlatformRun<ListOptions>(cli, command, async ({ client, options, printer, signal }) => {
    const { limit, endpoint } = options;
    const only = endpoint === undefined ? {} : { endpoint };
    const { items, more } = await collectPages(limit, (page) =>
      client.call(routes.listCredentials, { query: { ...page, ...only }, signal }),
    );
    await printer.result({ items, more }, () =>
      items.length === 0 ? 'No credentials.\n' : printer.table(items, columns),
    );
    if (more) await printer.note(`There are more than ${limit}: ask with a larger --limit.`);
  });
}

interface AddOptions extends OscoreOptions {
  readonly for: JsonCredential['purpose'];
  readonly pskIdentity?: string;
  readonly pskKey?: Uint8Array;
  readonly publicKey?: string;
  readonly certificate?: string;
  readonly fingerprint?: string;
  readonly certificateName?: string;
}

function registerAdd(parent: Command, cli: Cli): void {
  const command = parent
    .command('add')
    .summary('add a credential')
    .description(
      'Add a credential of an endpoint: a pre-shared key where nothing else is said. To rotate, add the new one: both are good until the terminal first uses the new one.',
    )
    .addArgument(new Argument('<endpoint>', 'the endpoint name that it proves'))
    .addOption(new Option('--psk-identity <text>', 'identity of the pre-shared key').default(undefined, 'the endpoint'))
    .addOption(
      new Option('--psk-key <hex>', 'the key, 8 to 64 bytes').argParser(pskOption).default(undefined, 'random'),
    )
    .addOption(completeWith(new Option('--public-key <file>', 'a raw public key, in a PEM file'), completeFiles))
    .addOption(
      completeWith(
        new Option('--certificate <file>', 'this certificate, whoever issued it; a PEM file'),
        completeFiles,
      ),
    )
    .addOption(new Option('--fingerprint <hex>', 'the same, by SHA-256 of its DER').argParser(fingerprintOption))
    .addOption(new Option('--certificate-name <name>', 'certificates of an authority of tls.client-ca with this name'));
  addOscoreOptions(command, {
    senderId: "a security context of OSCORE, all of it as the device sees it: the device's own Sender ID",
    recipientId: "the device's Recipient ID, which is the Sender ID of the platform",
    secret: 'the Master Secret, 16 to 64 bytes',
    isSecretMade: true,
  });
  addOscoreRederive(command).addOption(
    new Option('--for <purpose>', 'what the terminal does with it').choices(credentialPurposes).default('any'),
  );
  addExamples(command, [
    ['A new pre-shared key, shown once', 'yaolian credentials add my-device'],
    [
      'One that the device has already',
      'yaolian credentials add my-device --psk-identity id7 --psk-key 00112233445566778899aabbccddeeff',
    ],
    ['A certificate', 'yaolian credentials add my-device --certificate device.pem'],
    [
      'A security context of OSCORE, with a new Master Secret, shown once',
      'yaolian credentials add my-device --oscore-sender-id 01 --oscore-recipient-id 00',
    ],
  ]);
  onPlatformRun<AddOptions>(cli, command, async ({ client, args, options, printer, signal }) => {
    const body = await bodyOf(args[0] as string, options);
    const added = await client.call(routes.addCredential, { body, signal });
    const isNewKey = body.kind === 'psk' && options.pskKey === undefined;
    const isNewSecret = body.kind === 'oscore' && options.oscoreSecret === undefined;
    const secret = isNewKey ? { key: body.key! } : isNewSecret ? { masterSecret: body.masterSecret! } : {};
    const told = isNewKey ? keyText(body) : isNewSecret ? secretText(body) : '';
    await printer.result(
      { ...added, ...secret },
      () => `${added.endpoint}: ${added.kind} credential ${added.id} added\n${told}`,
    );
  });
}

function keyText({ identity, key }: JsonNewCredential): string {
  return `\n  identity  ${identity}\n  key       ${key}\n\nThe key is shown only now.\n`;
}

function secretText({ senderId, recipientId, masterSecret }: JsonNewCredential): string {
  const lines = [
    `Sender ID      ${senderId}   (of the device)`,
    `Recipient ID   ${recipientId}   (of the device)`,
    `Master Secret  ${masterSecret}`,
  ];
  return `\n${lines.map((line) => `  ${line}\n`).join('')}\nThe Master Secret is shown only now.\n`;
}

/** @throws CLI_USAGE when one of the IDs is not said */
function contextOf(options: AddOptions): Omit<JsonNewCredential, 'endpoint'> | undefined {
  const { oscoreSenderId: senderId, oscoreRecipientId: recipientId, oscoreSecret, oscoreSalt } = options;
  const { oscoreIdContext: idContext, oscoreAead: aead, oscoreHkdf: hkdf, oscoreRederive: rederives } = options;
  const given = [senderId, recipientId, oscoreSecret, oscoreSalt, idContext, aead, hkdf, rederives];
  if (given.every((one) => one === undefined)) return undefined;
  if (senderId === undefined || recipientId === undefined) {
    throw cliErrors.CLI_USAGE(
      'OSCORE needs --oscore-sender-id and --oscore-recipient-id, both as the device sees them',
    );
  }
  return {
    kind: 'oscore',
    senderId,
    recipientId,
    masterSecret: oscoreSecret ?? encodeHex(randomBytes(16)),
    ...(oscoreSalt !== undefined && { masterSalt: oscoreSalt }),
    ...(idContext !== undefined && { idContext }),
    ...(aead !== undefined && { aead }),
    ...(hkdf !== undefined && { hkdf }),
    ...(rederives && { rederives }),
  };
}

/** @throws CLI_USAGE when the options do not go together or a file is not what it should be */
async function bodyOf(endpoint: string, options: AddOptions): Promise<JsonNewCredential> {
  const { pskIdentity, pskKey, publicKey, certificate, fingerprint, certificateName: name } = options;
  const common = { endpoint, purpose: options.for };
  const context = contextOf(options);
  const kinds = [publicKey, certificate, fingerprint, name, pskIdentity ?? pskKey, context];
  const chosen = kinds.filter((one) => one !== undefined);
  if (chosen.length > 1) throw cliErrors.CLI_USAGE('a credential is of one kind: give the options of one kind only');
  if (context !== undefined) return { ...common, ...context };
  if (publicKey !== undefined) {
    return { ...common, kind: 'rpk', publicKey: await publicKeyDer(publicKey) };
  }
  if (certificate !== undefined) {
    return { ...common, kind: 'certificate', certificate: await certificateDer(certificate) };
  }
  if (fingerprint !== undefined) {
    return { ...common, kind: 'certificate', fingerprint };
  }
  if (name !== undefined) return { ...common, kind: 'certificate-name', name };
  return { ...common, kind: 'psk', identity: pskIdentity ?? endpoint, key: encodeHex(pskKey ?? randomBytes(16)) };
}

function registerRemove(parent: Command, cli: Cli): void {
  const command = parent
    .command('remove')
    .alias('rm')
    .summary('remove credentials')
    .description(
      'Remove credentials by their ids. DTLS sessions and security contexts of OSCORE that were made with them end.',
    )
    .addArgument(new Argument('<id...>', 'ids, as "credentials list" shows them'));
  addExamples(command, [['One', 'yaolian credentials remove 3f1c9a0077e1b2d4']]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    const ids = args[0] as unknown as readonly string[];
    for (const id of ids) await client.call(routes.removeCredential, { params: { id }, signal });
    await printer.result({ removed: ids }, () => ids.map((id) => `${id} removed\n`).join(''));
  });
}

function registerImport(parent: Command, cli: Cli): void {
  const command = parent
    .command('import')
    .summary('add the credentials of a CSV file')
    .description(
      'Add the credentials of a CSV file. Its first line names the columns: endpoint, kind (psk, rpk, certificate, certificate-name, oscore), purpose, identity, key (hex), public-key and certificate (DER in base64), fingerprint, name; for oscore sender-id, recipient-id, id-context, master-secret, master-salt (hex, as the device sees them), aead, hkdf, rederives (true or false). Nothing is added when a line is wrong; what the platform refuses is told line by line. What is there already, with the same secret, stays as it is: an import that was ended goes on when the file comes again.',
    )
    .addArgument(completeWith(new Argument('<file>', 'the file'), completeFiles));
  addExamples(command, [['Import keys', 'yaolian credentials import keys.csv']]);
  onPlatformRun(cli, command, async (run) => {
    const send = (entries: readonly JsonNewCredential[]) =>
      run.client.call(routes.importCredentials, { body: { entries: [...entries] } });
    await runImport(run, () => new CredentialFileReader(), send);
  });
}
