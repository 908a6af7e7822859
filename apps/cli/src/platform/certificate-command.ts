import { type JsonCertificate, requestKeyKinds, routes } from '@yaolian/contract';
import { type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { readBytes } from '../files.ts';
import { addExamples } from '../help.ts';
import type { Column } from '../output/table.ts';
import { localTime } from '../output/time.ts';
import { collectOption, fingerprintOption } from '../parsers.ts';
import { onPlatformRun, type PlatformRun } from './platform-command.ts';

interface CertificateOptions {
  readonly renew?: true;
  readonly import?: string;
  readonly key?: string;
  readonly removeImported?: true;
  readonly trust?: string;
  readonly distrust?: string;
  readonly request?: true;
  readonly name?: readonly string[];
  readonly commonName?: string;
  readonly organization?: string;
  readonly organizationalUnit?: string;
  readonly locality?: string;
  readonly state?: string;
  readonly country?: string;
  readonly keyKind?: 'P-256' | 'P-384';
  readonly replace?: true;
  readonly showRequest?: true;
  readonly giveUpRequest?: true;
}

export function registerCertificateCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('certificates')
    .summary('show the certificates of the platform, and when they end')
    .description(
      'Show which listener shows which certificate, and the authorities that certificates of terminals go back to. ' +
        '--json has the chains and whole fingerprints.',
    );
  command.option(
    '--renew',
    'make the one anew that the platform made for itself, with another key, and print it (PEM)',
  );
  command
    .addOption(
      new Option(
        '--import <file>',
        'show the certificate of this file and its chain (PEM): with --key, or that of the request that waits',
      ).conflicts(['renew', 'removeImported']),
    )
    .addOption(
      new Option('--key <file>', 'its private key (PEM, not encrypted)').conflicts(['renew', 'removeImported']),
    )
    .addOption(
      new Option('--remove-imported', 'show the one that the platform made for itself again').conflicts('renew'),
    );
  const changes = ['renew', 'import', 'key', 'removeImported'];
  command
    .addOption(
      new Option(
        '--trust <file>',
        'believe certificates of terminals and clients that authorities of this file signed (PEM)',
      ).conflicts(changes),
    )
    .addOption(
      new Option('--distrust <sha256>', 'believe an authority that was added no more; who is in by it is let go')
        .argParser(fingerprintOption)
        .conflicts([...changes, 'trust']),
    );
  addRequestOptions(command, [...changes, 'trust', 'distrust']);
  addExamples(command, [
    ['When do they end?', 'yaolian certificates'],
    ['Another one in place of its own; give it to who trusted that', 'yaolian certificates --renew > certificate.pem'],
    ['One of an authority, at once and without a restart', 'yaolian certificates --import chain.pem --key key.pem'],
    [
      'Ask an authority for one, whose key never leaves the platform',
      'yaolian certificates --request --name iot.example.com > request.pem',
    ],
    ['What came back for it', 'yaolian certificates --import chain.pem'],
    ['Terminals with certificates of another authority', 'yaolian certificates --trust terminals-ca.pem'],
  ]);
  onPlatformRun<CertificateOptions>(cli, command, async (run) => {
    const { client, options, printer, signal } = run;
    if (options.renew) {
      const answer = await client.call(routes.renewCertificate, { signal });
      await printer.result(answer, () => `${answer.certificate.trimEnd()}\n`);
      await printer.note(`SHA-256 ${answer.fingerprint}, until ${localTime(answer.notAfter)}`);
      return;
    }
    if (options.import !== undefined || options.key !== undefined || options.removeImported) return replace(run);
    if (options.trust !== undefined || options.distrust !== undefined) return changeTrust(run);
    if (options.request || options.showRequest || options.giveUpRequest || options.name !== undefined) return ask(run);
    const answer = await client.call(routes.listCertificates, { signal });
    const shown = () => (answer.items.length === 0 ? 'No certificates.\n' : printer.table(answer.items, columns));
    await printer.result(answer, shown);
    if (answer.request === undefined) return;
    const { subject, names, since } = answer.request;
    const whose = subject === '' ? names[0]! : subject;
    await printer.note(`A request for ${whose} waits for its certificate since ${localTime(since)}: --show-request.`);
  });
}

/** @param others that go with none of them */
function addRequestOptions(command: Command, others: readonly string[]): void {
  const alone = [...others];
  command
    .addOption(
      new Option(
        '--request',
        'make a key pair, and print the request for a certificate of it (PKCS #10, PEM); the key stays on the platform',
      ).conflicts(alone),
    )
    .addOption(
      new Option('--name <name>', 'name or address that it is for, with --request; may be repeated').argParser(
        collectOption((text) => text),
      ),
    )
    .option('--common-name <text>', 'subject of the request: common name; default: the first name')
    .option('--organization <text>', 'organization')
    .option('--organizational-unit <text>', 'organizational unit')
    .option('--locality <text>', 'city')
    .option('--state <text>', 'state or province')
    .option('--country <code>', 'country, two letters')
    .addOption(new Option('--key-kind <kind>', 'of its key; default: P-256').choices([...requestKeyKinds]))
    .option('--replace', 'in place of the request that waits, whose key is destroyed')
    .addOption(
      new Option('--show-request', 'print the request that waits for its certificate').conflicts([...alone, 'request']),
    )
    .addOption(
      new Option('--give-up-request', 'forget the request that waits, and destroy its key').conflicts([
        ...alone,
        'request',
        'showRequest',
      ]),
    );
}

/** What is asked of an authority. */
async function ask({ client, options, printer, signal }: PlatformRun<CertificateOptions>): Promise<void> {
  if (options.giveUpRequest) {
    await client.call(routes.removeCertificateRequest, { signal });
    return printer.result({ removed: true }, () => 'The request is given up, and its key destroyed.\n');
  }
  if (options.showRequest) {
    const { request } = await client.call(routes.listCertificates, { signal });
    if (request === undefined) throw cliErrors.CLI_USAGE('no request waits for its certificate: make one by --request');
    return printer.result(request, () => request.request);
  }
  const { request, name: names, commonName, organization, organizationalUnit, locality, state, country } = options;
  if (!request || names === undefined) {
    throw cliErrors.CLI_USAGE(
      '--request and --name go together: the names and addresses that the platform is reached by',
    );
  }
  const subject = { commonName, organization, organizationalUnit, locality, state, country };
  const given = Object.fromEntries(Object.entries(subject).filter(([, text]) => text !== undefined));
  const { keyKind = 'P-256', replace = false } = options;
  const body = { names: [...names], ...given, keyKind, replace };
  const answer = await client.call(routes.addCertificateRequest, { body, signal });
  await printer.result(answer, () => answer.request);
  await printer.note(
    `For ${answer.names.join(', ')}. Give it to an authority, then: yaolian certificates --import chain.pem`,
  );
}

/** Shows an imported one, or the platform's own again. */
async function replace({ client, options, printer, signal }: PlatformRun<CertificateOptions>): Promise<void> {
  const { import: chain, key, removeImported } = options;
  if (!removeImported && chain === undefined) {
    throw cliErrors.CLI_USAGE('--key goes with --import: the file of the certificate and its chain');
  }
  const answer = removeImported
    ? await client.call(routes.removeCertificate, { signal })
    : await client.call(routes.importCertificate, {
        body: { certificate: await textOf(chain!), ...(key !== undefined && { key: await textOf(key) }) },
        signal,
      });
  const sentence = `The platform shows it now: SHA-256 ${answer.fingerprint}, until ${localTime(answer.notAfter)}.\n`;
  await printer.result(answer, () => sentence);
}

/** Whose certificates of terminals and clients are believed. */
async function changeTrust({ client, options, printer, signal }: PlatformRun<CertificateOptions>): Promise<void> {
  const { trust, distrust: fingerprint } = options;
  if (trust !== undefined) {
    const certificates = await textOf(trust);
    const answer = await client.call(routes.addClientAuthorities, { body: { certificates }, signal });
    return printer.result(answer, () => printer.table(answer.items, columns));
  }
  await client.call(routes.removeClientAuthority, { params: { fingerprint: fingerprint!.toLowerCase() }, signal });
  await printer.result({ removed: fingerprint! }, () => 'It is believed no more; who was in by it was let go.\n');
}

const textOf = async (file: string): Promise<string> => new TextDecoder().decode(await readBytes(file));

const columns: readonly Column<JsonCertificate>[] = [
  { title: 'FOR', value: ({ listener, usedFor }) => listener ?? usedFor },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'DAYS LEFT', value: ({ daysLeft }) => daysLeft, align: 'right' },
  { title: 'ENDS', value: ({ notAfter }) => localTime(notAfter) },
  { title: 'SUBJECT', value: ({ subject }) => subject, shrinks: true },
  { title: 'ISSUER', value: ({ issuer, selfSigned }) => (selfSigned ? 'itself' : issuer), shrinks: true },
  { title: 'NAMES', value: ({ names }) => names.join(' '), shrinks: true },
  { title: 'SHA-256', value: ({ fingerprint }) => fingerprint.slice(0, 16) },
];
