export * from '../channel/index.ts';
export * from './account-client.ts';
export * from './device.ts';
export { type DeviceResource, DeviceResources } from './device-resources.ts';
export * from './errors.ts';
export * from './home.ts';
export * from './pushes.ts';
export * from './refused.ts';
