import { createPrivateKey } from 'node:crypto';
import { bootstrapModes, certificateUsages, type JsonBootstrapSecurity, matchingTypes } from '@yaolian/contract';
import { encodeHex } from '@yaolian/kernel';
import { type Command, Option } from 'commander';
import { completeFiles, completeWith } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { addOscoreOptions, type OscoreOptions } from '../oscore-options.ts';
import { pskOption } from '../parsers.ts';
import { certificateDer, derOf, publicKeyDer } from './pem-files.ts';

export interface BootstrapSecurityOptions extends OscoreOptions {
  readonly mode?: JsonBootstrapSecurity['mode'];
  readonly issue?: JsonBootstrapSecurity['issue'];
  readonly pskIdentity?: string;
  readonly pskKey?: Uint8Array;
  readonly certificate?: string;
  readonly publicKey?: string;
  readonly privateKey?: string;
  readonly serverCertificate?: string;
  readonly serverPublicKey?: string;
  readonly serverName?: string;
  readonly usage?: JsonBootstrapSecurity['usage'];
  readonly matching?: JsonBootstrapSecurity['matching'];
}

const file = (flags: string, description: string) => completeWith(new Option(flags, description), completeFiles);

/**
 * How the terminal and the server of `--uri` prove themselves.
 * @param issue whether a platform may make keys, and shows its own where none is said
 */
export function addBootstrapSecurityOptions(command: Command, { issue }: { readonly issue: boolean }): Command {
  command.addOption(
    new Option('--mode <mode>', 'how both prove themselves: oscore and nosec with coap, the others with coaps')
      .choices([...bootstrapModes])
      .default(undefined, 'nosec'),
  );
  if (issue) {
    command.addOption(
      new Option(
        '--issue <keys>',
        'instead of keys: "new", made for each terminal at each bootstrap, or "stored", its newest key or context among the credentials',
      ).choices(['new', 'stored']),
    );
  }
  const byDefault = issue ? "this platform's" : undefined;
  command
    .addOption(new Option('--psk-identity <text>', 'of mode psk: identity of the terminal'))
    .addOption(new Option('--psk-key <hex>', 'of mode psk: its key, 8 to 64 bytes').argParser(pskOption))
    .addOption(file('--certificate <file>', 'of mode x509: certificate of the terminal, PEM'))
    .addOption(file('--public-key <file>', 'of mode rpk: public key of the terminal, PEM'))
    .addOption(file('--private-key <file>', 'of modes rpk and x509: its private key, PEM'))
    .addOption(
      file(
        '--server-certificate <file>',
        'of modes x509 and est: certificate that the terminal trusts as --usage says, PEM',
      ).default(undefined, byDefault),
    )
    .addOption(
      file('--server-public-key <file>', 'of mode rpk: public key of the server, PEM').default(undefined, byDefault),
    )
    .addOption(new Option('--server-name <name>', 'the name that the server is asked for (SNI)'))
    .addOption(
      new Option('--usage <usage>', 'what --server-certificate is to the terminal')
        .choices(certificateUsages)
        .default(undefined, 'domain-issued'),
    )
    .addOption(
      new Option('--matching <type>', 'give the terminal the certificate, or its digest')
        .choices(matchingTypes)
        .default(undefined, 'exact'),
    );
  return addOscoreOptions(command, {
    senderId: "of mode oscore, all of it as the device sees it: the device's own Sender ID",
    recipientId: "the device's Recipient ID, which is the Sender ID of the server",
    secret: 'the Master Secret, 16 to 64 bytes',
  });
}

/** Undefined where nothing was said of security. @throws CLI_USAGE when a file is not what it should be */
export async function bootstrapSecurityOf(
  options: BootstrapSecurityOptions,
): Promise<JsonBootstrapSecurity | undefined> {
  const { mode, issue, pskIdentity: identity, pskKey, certificate, publicKey, privateKey } = options;
  const { oscoreSenderId, oscoreRecipientId, oscoreIdContext, oscoreAead, oscoreHkdf } = options;
  const { serverCertificate, serverPublicKey, serverName, usage, matching } = options;
  if (serverCertificate !== undefined && serverPublicKey !== undefined) {
    throw cliErrors.CLI_USAGE('--server-certificate is of mode x509, --server-public-key of mode rpk: give one');
  }
  const given = {
    issue,
    identity,
    serverName,
    usage,
    matching,
    senderId: oscoreSenderId,
    recipientId: oscoreRecipientId,
    idContext: oscoreIdContext,
    aead: oscoreAead,
    hkdf: oscoreHkdf,
    masterSecret: options.oscoreSecret,
    masterSalt: options.oscoreSalt,
    ...(pskKey && { key: encodeHex(pskKey) }),
    ...(certificate !== undefined && { certificate: await certificateDer(certificate) }),
    ...(publicKey !== undefined && { publicKey: await publicKeyDer(publicKey) }),
    ...(privateKey !== undefined && { privateKey: await privateKeyDer(privateKey) }),
    ...(serverCertificate !== undefined && { serverPublicKey: await certificateDer(serverCertificate) }),
    ...(serverPublicKey !== undefined && { serverPublicKey: await publicKeyDer(serverPublicKey) }),
  };
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  if (mode !== undefined) return { mode, ...said };
  if (Object.keys(said).length > 0) throw cliErrors.CLI_USAGE('options about keys need --mode');
  return undefined;
}

const privateKeyDer = (name: string) =>
  derOf(name, 'a private key', (pem) => createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' }));
