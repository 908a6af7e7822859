import { findTexts, findUint, type Option, OptionNumber, textOption, uintOption } from '@yaolian/coap';

/** A request as both sides of the binding have it: what of CoAP has a meaning over MQTT. */
export interface PlainRequest {
  /** {@link Code} */
  readonly method: number;
  readonly path: readonly string[];
  readonly query: readonly string[];
  readonly contentFormat?: number | undefined;
  readonly accept?: number | undefined;
  /** 0 to observe, 1 to end that. */
  readonly observe?: number | undefined;
  readonly payload: Uint8Array;
}

/** What the options of a message of CoAP say. */
export function plainRequest(method: number, options: readonly Option[], payload: Uint8Array): PlainRequest {
  return {
    method,
    path: findTexts(options, OptionNumber.UriPath),
    query: findTexts(options, OptionNumber.UriQuery),
    contentFormat: findUint(options, OptionNumber.ContentFormat),
    accept: findUint(options, OptionNumber.Accept),
    observe: findUint(options, OptionNumber.Observe),
    payload,
  };
}

/** The options of a request, in ascending order. */
export function optionsOfRequest({ path, query, contentFormat, accept, observe }: PlainRequest): Option[] {
  return [
    ...(observe === undefined ? [] : [uintOption(OptionNumber.Observe, observe)]),
    ...path.map((segment) => textOption(OptionNumber.UriPath, segment)),
    ...(contentFormat === undefined ? [] : [uintOption(OptionNumber.ContentFormat, contentFormat)]),
    ...query.map((parameter) => textOption(OptionNumber.UriQuery, parameter)),
    ...(accept === undefined ? [] : [uintOption(OptionNumber.Accept, accept)]),
  ];
}

/** The value of `name=value` in a query; undefined when it is not there. */
export function parameterOf(query: readonly string[], name: string): string | undefined {
  return query.find((parameter) => parameter.startsWith(`${name}=`))?.slice(name.length + 1);
}
