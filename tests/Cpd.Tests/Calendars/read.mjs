// Reads a calendar file from standard input with ical.js and says what is in it, as JSON. Times are what ical.js makes of them with the
// file's own VTIMEZONE. What no parser minds but RFC 5545 forbids (the ends and lengths of lines, characters cut in two) is listed as problems.
import ICAL from 'ical.js';

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const bytes = Buffer.concat(chunks);
const problems = [];

const lines = [];
for (let from = 0; from < bytes.length;) {
  const end = bytes.indexOf('\r\n', from);
  if (end < 0) { problems.push('the last line has no end'); lines.push(bytes.subarray(from)); break; }
  lines.push(bytes.subarray(from, end));
  from = end + 2;
}
const utf8 = new TextDecoder('utf-8', { fatal: true });
for (const [number, line] of lines.entries()) {
  if (line.length > 75) problems.push(`line ${number + 1} has ${line.length} octets`);
  if (line.includes(0x0d) || line.includes(0x0a)) problems.push(`line ${number + 1} holds a CR or LF of its own`);
  if (line.length === 0) problems.push(`line ${number + 1} is empty`);
  try { utf8.decode(line); } catch { problems.push(`line ${number + 1} cuts a character in two`); }
}

const root = new ICAL.Component(ICAL.parse(utf8.decode(bytes)));
const zones = root.getAllSubcomponents('vtimezone').map(zone => new ICAL.Timezone(zone));
for (const zone of zones) ICAL.TimezoneService.register(zone);

// In the order RFC 5545 3.6.1 and RFC 5546 3.2 ask for it: what must stand once, and what at most once.
const once = ['uid', 'dtstamp', 'dtstart', 'sequence', 'summary'];
const atMostOnce = ['dtend', 'description', 'location', 'url', 'status', 'organizer', 'last-modified', 'transp', 'class'];
const method = root.getFirstPropertyValue('method');
const value = (component, name) => component.getFirstPropertyValue(name);
const moment = (component, name) => {
  const property = component.getFirstProperty(name);
  if (!property) return null;
  const time = property.getFirstValue();
  const zone = property.getFirstParameter('tzid') ?? null;
  if (zone && time.zone.tzid !== zone) problems.push(`${name}: the zone ${zone} is not in the file`);
  if (!zone && time.zone !== ICAL.Timezone.utcTimezone) problems.push(`${name} is floating`);
  return { at: time.toJSDate().toISOString(), zone, local: time.toString() };
};
for (const name of ['version', 'prodid', 'method']) if (root.getAllProperties(name).length !== 1) problems.push(`${name} does not stand once`);

const events = root.getAllSubcomponents('vevent').map(event => {
  for (const name of once) if (event.getAllProperties(name).length !== 1) problems.push(`${name} does not stand once`);
  for (const name of atMostOnce) if (event.getAllProperties(name).length > 1) problems.push(`${name} stands twice`);
  if ((method === 'REQUEST' || method === 'CANCEL') && event.getAllProperties('organizer').length !== 1) problems.push(`${method} without one organizer`);
  if (method === 'PUBLISH' && event.getAllProperties('attendee').length > 0) problems.push('PUBLISH with an attendee');
  if (method === 'CANCEL' && value(event, 'status') !== 'CANCELLED') problems.push('CANCEL of what is not cancelled');
  return {
    uid: value(event, 'uid'), sequence: value(event, 'sequence'), status: value(event, 'status'), summary: value(event, 'summary'), description: value(event, 'description'),
    location: value(event, 'location'), url: value(event, 'url'), start: moment(event, 'dtstart'), end: moment(event, 'dtend'), stamp: moment(event, 'dtstamp'), modified: moment(event, 'last-modified'),
    organizer: value(event, 'organizer'),
    attendees: event.getAllProperties('attendee').map(a => ({ value: a.getFirstValue(), cn: a.getParameter('cn'), partstat: a.getParameter('partstat'), rsvp: a.getParameter('rsvp') })),
  };
});
if (method !== 'PUBLISH' && new Set(events.map(e => e.uid)).size > 1) problems.push(`${method} of several appointments`);

process.stdout.write(JSON.stringify({
  problems, method, version: value(root, 'version'), prodid: value(root, 'prodid'), name: value(root, 'name') ?? value(root, 'x-wr-calname'),
  refresh: value(root, 'refresh-interval')?.toString() ?? null, ttl: value(root, 'x-published-ttl')?.toString() ?? null, zones: zones.map(z => z.tzid), events,
}));
