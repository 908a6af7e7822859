import { days, hours, milliseconds, minutes, seconds } from '@yaolian/kernel';
import { address, choice, duration, integer, objects, onOff, optional, text } from '../setting.ts';

/** Remote Access. */
export const raSettings = {
  'ra.domain': optional(
    text({
      maxLength: 255,
      default: 'home.example',
      description:
        'Remote Access for accounts of this domain: switches the message server (xmpp.*) on too; unset: there is none',
      placeholder: '<domain>',
    }),
  ),
  'ra.invitation': optional(
    text({
      default: 'a-token',
      description: 'Token that whoever registers an account has to tell; unset: everybody may register',
      placeholder: '<token>',
      isSecret: true,
    }),
  ),
  'ra.servers-port': optional(
    integer({
      min: 0,
      max: 65535,
      default: 8444,
      description: 'TCP port for application servers (HTTPS, mutual TLS); unset: there is none; 0 takes a free one',
      placeholder: '<port>',
    }),
  ),
  'ra.servers-host': address({
    default: '127.0.0.1',
    description: 'Address of the same',
    example: '0.0.0.0',
  }),
  'ra.servers-ca': optional(
    text({
      default: 'servers-ca.pem',
      description: 'PEM file with the authorities of application servers; whoever has a certificate of theirs is one',
      placeholder: '<file>',
    }),
  ),
  'ra.servers-names': optional(
    text({
      default: 'shop.example,care.example',
      description: 'Names (DNS) of certificates that are let in; unset: all of the authorities',
      placeholder: '<names>',
    }),
  ),
  'ra.vendor-compat': onOff({
    default: false,
    description: 'Answer the namespaces of the originators’ older clients (http://www.igrs.org/spec2.0/…) too',
  }),
  'ra.operator-objects': objects({
    default: [0, 1, 2, 5, 21, 668],
    description:
      'Objects of terminals that users read and never change, owners neither: servers, keys, access, firmware, China Mobile’s rules',
  }),
  'ra.owner-updates': onOff({
    default: true,
    description:
      'Owners may begin the update of their terminal to the newest firmware package that was uploaded for its model',
  }),
  'ra.code-resource': optional(
    text({
      default: '/3341/0/5527',
      description: 'Resource of shared terminals that have a screen, to which their verification codes are written',
      placeholder: '<path>',
    }),
  ),
  'ra.describe-timeout': duration({
    min: milliseconds(1),
    max: minutes(10),
    default: seconds(3),
    description: 'How long sharing a terminal waits for what it says of itself; after that it is shared without',
  }),
  'ra.code-after-unbind': choice({
    default: 'renew',
    of: ['renew', 'keep'],
    description:
      'The code of a terminal whose last owner has gone: renew (a code seen earlier is void), keep (codes are printed)',
  }),
  'ra.max-changes': integer({
    min: 1,
    max: 1_000_000,
    default: 60,
    description:
      'Changes of devices, friends, permissions and the like by one account a minute, lasting; five times as many at once',
  }),
  'ra.max-owners': integer({
    min: 1,
    max: 10_000,
    default: 100,
    description: 'Owners of one device, those that wait for its consent included',
  }),
  'ra.max-devices': integer({
    min: 1,
    max: 100_000,
    default: 1000,
    description: 'Devices of one user',
  }),
  'ra.max-friends': integer({
    min: 1,
    max: 100_000,
    default: 1000,
    description: 'Friends of one user, those that were asked included',
  }),
  'ra.max-shared': integer({
    min: 1,
    max: 100_000,
    default: 1000,
    description: 'Devices of friends that one user finds',
  }),
  'ra.max-permissions': integer({
    min: 1,
    max: 10_000,
    default: 256,
    description: 'Permissions of one device',
  }),
  'ra.max-links': integer({
    min: 1,
    max: 10_000,
    default: 64,
    description: 'Links of one device',
  }),
  'ra.max-bookmarks': integer({
    min: 1,
    max: 10_000,
    default: 100,
    description: 'Bookmarks of one account',
  }),
  'ra.max-observed': integer({
    min: 1,
    max: 10_000_000,
    default: 100_000,
    description: 'Paths that all users together observe',
  }),
  'ra.max-observed-per-account': integer({
    min: 1,
    max: 100_000,
    default: 200,
    description: 'Paths that one account observes',
  }),
  'ra.answer-timeout': duration({
    min: seconds(1),
    max: minutes(10),
    default: seconds(20),
    description: 'How long a device that speaks RA itself has for an answer',
  }),
  'ra.max-asked': integer({
    min: 1,
    max: 1_000_000,
    default: 10_000,
    description: 'Requests to devices that speak RA themselves that wait for their answers, of all',
  }),
  'ra.max-vendor-devices': integer({
    min: 1,
    max: 1000,
    default: 100,
    description: 'Devices in one answer to older clients (ra.vendor-compat), which has next where there are more',
  }),
  'ra.news-keep': duration({
    min: minutes(1),
    max: days(36_500),
    default: days(90),
    description: 'How long a user finds in its news what happened at home',
  }),
  'ra.max-news': integer({
    min: 1,
    max: 100_000,
    default: 200,
    description: 'News of one user that are kept; the oldest beyond go first',
  }),
  'ra.max-news-for-friends': integer({
    min: 1,
    max: 10_000,
    default: 20,
    description: 'The same of what all friends of one user are told',
  }),
  'ra.max-pages': integer({
    min: 1,
    max: 1000,
    default: 10,
    description: 'Pages of one user with live values that are open at once (http.max-event-streams holds for all)',
  }),
  'ra.max-page-values': integer({
    min: 1,
    max: 10_000,
    default: 200,
    description: 'Live values of one such page',
  }),
  'ra.max-sessions': integer({
    min: 1,
    max: 1000,
    default: 20,
    description: 'Sessions of one user in browsers; the oldest beyond end',
  }),
  'ra.observe-away': duration({
    min: seconds(1),
    max: hours(24 * 365),
    default: hours(24),
    description: 'How long what a user observes over XMPP goes on while none of its connections is there',
  }),
  'ra.observe-page-away': duration({
    min: seconds(1),
    max: hours(24),
    default: minutes(1),
    description: 'How long what a page of a user observes goes on after it closed, for a user who is back soon',
  }),
  'ra.code-lifetime': duration({
    min: minutes(1),
    max: hours(24 * 3650),
    default: hours(24 * 30),
    description: 'How long a verification code of a device is good',
  }),
} as const;
