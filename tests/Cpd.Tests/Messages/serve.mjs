// A mail server that is somebody else's (smtp-server), for what this service sends. How it behaves stands in its one argument and in the recipient's name; what
// it takes it parses (mailparser) and prints, a line of JSON each.
import { SMTPServer } from 'smtp-server';
import { simpleParser } from 'mailparser';

const wanted = JSON.parse(process.argv[2]);
const say = what => process.stdout.write(JSON.stringify(what) + '\n');
const refusal = (code, text) => Object.assign(new Error(text), { responseCode: code });
const atRecipient = { 'no-such': [550, '5.1.1 No such person here: no-such@example.org'], 'no-such-plain': [550, 'No such person'], later: [451, '4.3.0 Later'], relay: [554, '5.7.1 Relay access denied'], 'sign-in': [530, '5.7.0 Sign in first'] };
const atMessage = { spam: [554, '5.7.1 It looks like spam'], 'spam-later': [450, '4.7.1 Later'], closing: [421, '4.3.2 Closing'] };
const name = address => address.split('@')[0];
let connections = 0;

const server = new SMTPServer({
  secure: wanted.tls === 'Always', key: wanted.key, cert: wanted.cert, authOptional: !wanted.user, disableReverseLookup: true, logger: false, closeTimeout: 100,
  authMethods: wanted.methods ?? ['PLAIN', 'LOGIN'], disabledCommands: [...(wanted.tls === 'StartTls' ? [] : ['STARTTLS']), ...(wanted.user ? [] : ['AUTH'])],
  onConnect(session, done) { connections++; done(wanted.greeting ? refusal(wanted.greeting, 'Busy') : null); },
  onAuth(auth, session, done) { auth.username === wanted.user && auth.password === wanted.password ? done(null, { user: auth.username }) : done(refusal(535, '5.7.8 Wrong password')); },
  onMailFrom(address, session, done) { done(wanted.refuseSender ? refusal(550, '5.7.1 Who are you?') : null); },
  onRcptTo(address, session, done) { done(atRecipient[name(address.address)] ? refusal(...atRecipient[name(address.address)]) : null); },
  onData(stream, session, done) {
    const chunks = [];
    stream.on('data', chunk => chunks.push(chunk));
    stream.on('end', async () => {
      const to = name(session.envelope.rcptTo[0].address);
      if (to === 'hangs') return;
      if (to === 'drops') { server.connections.forEach(c => c._socket.destroy()); return; }
      if (atMessage[to]) { done(refusal(...atMessage[to])); return; }
      const raw = Buffer.concat(chunks);
      const mail = await simpleParser(raw);
      say({
        connection: connections, secure: session.secure, user: session.user || null, greeting: session.hostNameAppearsAs, from: session.envelope.mailFrom.address, to: session.envelope.rcptTo.map(r => r.address),
        raw: raw.toString('latin1'), sender: mail.from.value[0], recipient: mail.to.value[0].address, subject: mail.subject, messageId: mail.messageId, date: mail.date, text: mail.text, html: mail.html || null,
        headers: Object.fromEntries(mail.headerLines.map(h => [h.key, h.line])), parts: mail.attachments.map(a => ({ type: a.contentType, text: a.content.toString('utf8') })),
      });
      done();
      if (to === 'then-closes') setTimeout(() => server.connections.forEach(c => c._socket.destroy()), 20);
    });
  },
});
server.on('error', () => { /* A client that hung up. */ });
server.listen(0, '127.0.0.1', () => say({ port: server.server.address().port }));
process.stdin.resume().on('end', () => process.exit(0));
