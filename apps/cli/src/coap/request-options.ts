import {
  type BlockSize,
  type Option as CoapOption,
  type CoapUri,
  type OutgoingRequest,
  uriHostOptions,
} from '@yaolian/coap';
import { emptyBytes, formatDuration } from '@yaolian/kernel';
import { type Command, Option } from 'commander';
import { completeFiles, completeFrom, completeWith } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { collectOption, durationOption, hexOption, integerOption } from '../parsers.ts';
import { contentFormatCandidates, contentFormatOption } from './content-formats.ts';
import { coapOption } from './option-names.ts';
import { defaultTimeout, type SessionOptions } from './session.ts';

export interface RequestOptions extends SessionOptions {
  readonly accept?: number;
  readonly non?: boolean;
  readonly query?: readonly string[];
  readonly option?: readonly CoapOption[];
}

export interface PayloadOptions extends RequestOptions {
  readonly format?: number;
  readonly file?: string;
}

const formats = completeFrom(contentFormatCandidates);

export const caDescription = 'TLS, DTLS: trust the certificates in this PEM file';
export const certDescription = 'authenticate by the certificate in this PEM file';
export const certKeyDescription = 'PEM file with the key of that certificate';
export const insecureDescription = 'TLS, DTLS: trust any certificate, whoever may be in between';

export function addSessionOptions(command: Command): Command {
  return command
    .addOption(new Option('-v, --verbose', 'show the messages on the wire, on standard error'))
    .addOption(new Option('-4, --ipv4', 'use an IPv4 address').conflicts('ipv6'))
    .addOption(new Option('-6, --ipv6', 'use an IPv6 address'))
    .addOption(completeWith(new Option('--ca <file>', caDescription), completeFiles))
    .addOption(new Option('--insecure', insecureDescription).conflicts('ca'))
    .addOption(new Option('--psk-identity <text>', 'authenticate by a pre-shared key, under this identity'))
    .addOption(new Option('--psk-key <hex>', 'that key').argParser(hexOption))
    .addOption(completeWith(new Option('--cert <file>', certDescription), completeFiles))
    .addOption(completeWith(new Option('--cert-key <file>', certKeyDescription), completeFiles));
}

/** @param others what else is to say of the default */
export function addTimeoutOption(command: Command, others = ''): Command {
  return command.addOption(
    new Option('--timeout <duration>', 'how long to wait for the answer')
      .argParser(durationOption)
      .default(undefined, formatDuration(defaultTimeout) + others),
  );
}

/** @param reach whether a group may be asked too */
export function addRequestOptions(command: Command, reach: 'one' | 'groups' = 'one'): Command {
  command
    .addOption(
      completeWith(
        new Option('-a, --accept <format>', 'content format wanted, by name or number').argParser(contentFormatOption),
        formats,
      ),
    )
    .addOption(
      new Option('-q, --query <name=value>', 'a query argument, besides those of the URI; may be repeated').argParser(
        collectOption(String),
      ),
    )
    .addOption(
      new Option('-O, --option <number=value>', 'any option, such as 14=60 or 2049=0x01ff; may be repeated').argParser(
        collectOption(coapOption),
      ),
    )
    .addOption(new Option('-n, --non', 'send as NON instead of CON'))
    .addOption(
      completeWith(
        new Option('-b, --block-size <bytes>', 'size of blocks: a power of two from 16 to 1024').argParser(
          blockSizeOption,
        ),
        completeFrom([16, 32, 64, 128, 256, 512, 1024].map((size) => ({ value: String(size) }))),
      ),
    );
  addTimeoutOption(command, reach === 'groups' ? '; for a group 7s' : '');
  return addSessionOptions(command);
}

export function addPayloadOptions(command: Command): Command {
  return command
    .addOption(
      completeWith(
        new Option('-t, --format <format>', 'content format of the payload, by name or number').argParser(
          contentFormatOption,
        ),
        formats,
      ),
    )
    .addOption(
      completeWith(new Option('-f, --file <file>', 'payload from a file; - is standard input'), completeFiles),
    );
}

const wholeBlockSize = integerOption('a block size', 16, 1024);

function blockSizeOption(text: string): BlockSize {
  const size = wholeBlockSize(text);
  if ((size & (size - 1)) === 0) return size as BlockSize;
  throw cliErrors.CLI_USAGE(`a block size is 16, 32, 64, 128, 256, 512 or 1024, not ${size}`);
}

/** What the URI and the options ask for. */
export function buildRequest(
  method: number,
  uri: CoapUri,
  options: Partial<PayloadOptions>,
  payload: Uint8Array = emptyBytes,
): OutgoingRequest {
  return {
    method,
    path: uri.path,
    query: [...uri.query, ...(options.query ?? [])],
    options: [...uriHostOptions(uri), ...(options.option ?? [])],
    confirmable: options.non !== true,
    ...(options.accept === undefined ? {} : { accept: options.accept }),
    ...(options.format === undefined ? {} : { contentFormat: options.format }),
    ...(payload.length === 0 ? {} : { payload }),
  };
}
