import {
  defaultOscoreAead,
  defaultOscoreHkdf,
  type OscoreAeadName,
  type OscoreHkdfName,
  oscoreAeads,
  oscoreHkdfs,
} from '@yaolian/contract';
import { type Command, Option } from 'commander';
import { algorithmOption, bytesOption } from './parsers.ts';

/** A security context of OSCORE as it is typed; bytes are in hex. */
export interface OscoreOptions {
  readonly oscoreSenderId?: string;
  readonly oscoreRecipientId?: string;
  readonly oscoreSecret?: string;
  readonly oscoreSalt?: string;
  readonly oscoreIdContext?: string;
  readonly oscoreAead?: OscoreAeadName;
  readonly oscoreHkdf?: OscoreHkdfName;
  readonly oscoreRederive?: boolean;
}

export interface OscoreOptionTexts {
  readonly senderId: string;
  readonly recipientId: string;
  readonly secret: string;
  /** The Master Secret is made where none is given. */
  readonly isSecretMade?: boolean;
}

/** Adds the parts of a security context: {@link OscoreOptions}. */
export function addOscoreOptions(
  command: Command,
  { senderId, recipientId, secret, isSecretMade = false }: OscoreOptionTexts,
): Command {
  const secretOption = new Option('--oscore-secret <hex>', secret).argParser(bytesOption(16, 64));
  return command
    .addOption(new Option('--oscore-sender-id <hex>', senderId).argParser(bytesOption(0, 7)))
    .addOption(new Option('--oscore-recipient-id <hex>', recipientId).argParser(bytesOption(0, 7)))
    .addOption(isSecretMade ? secretOption.default(undefined, 'random') : secretOption)
    .addOption(new Option('--oscore-salt <hex>', 'the Master Salt').argParser(bytesOption(1, 64)))
    .addOption(new Option('--oscore-id-context <hex>', 'the ID Context').argParser(bytesOption(1, 255)))
    .addOption(
      new Option('--oscore-aead <algorithm>', "the AEAD, by COSE's name or number")
        .argParser(algorithmOption(oscoreAeads))
        .default(undefined, `${defaultOscoreAead}, 10`),
    )
    .addOption(
      new Option('--oscore-hkdf <algorithm>', "the HKDF, by name or COSE's number")
        .argParser(algorithmOption(oscoreHkdfs))
        .default(undefined, `${defaultOscoreHkdf}, -10`),
    );
}

/** Adds what both sides agree on beside the context: no object 21 tells it. */
export function addOscoreRederive(command: Command): Command {
  return command.option(
    '--oscore-rederive',
    'both sides make a new context where one lost its state (RFC 8613 Appendix B.2)',
  );
}
