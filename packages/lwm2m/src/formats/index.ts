export * from './content.ts';
export * from './discover.ts';
export * from './locations.ts';
export * from './pack.ts';
export {
  contentCodec,
  contentFormatName,
  contentFormats,
  decodeContent,
  decodeTimedContent,
  encodeContent,
} from './registry.ts';
export * from './reinterpret.ts';
