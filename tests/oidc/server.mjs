// A real OpenID provider (panva's, certified) for tests: its people and groups are told and changed over its control address.
// Reads {port, clients, issuer} from its first line of standard input; prints "ready" when it answers; ends when standard input closes.
import {createInterface} from 'node:readline';
import Provider from 'oidc-provider';

const lines = createInterface({input: process.stdin});
const {port, clients, issuer = `http://localhost:${port}`} = JSON.parse((await lines[Symbol.asyncIterator]().next()).value);
lines.on('close', () => process.exit());

let people = {}; // by sub: what the provider says of each; who is not here is here no more
const provider = new Provider(issuer, {
  clients: clients.map(one => ({
    token_endpoint_auth_method: 'client_secret_post',
    grant_types: ['authorization_code', 'refresh_token'],
    backchannel_logout_session_required: true,
    ...one,
  })),
  claims: {openid: ['sub', 'sid'], email: ['email', 'email_verified'], groups: ['groups']},
  scopes: ['openid', 'offline_access'],
  cookies: {keys: ['only-for-tests']},
  features: {
    devInteractions: {enabled: false},
    backchannelLogout: {enabled: true},
    rpInitiatedLogout: {enabled: true},
    userinfo: {enabled: true},
  },
  // Its guard against asking addresses of one's own machine is taken off: here it is to tell one.
  fetch: (url, {dispatcher: _guard, ...options}) => globalThis.fetch(url, options),
  pkce: {required: () => true},
  rotateRefreshToken: true,
  issueRefreshToken: async () => true,
  findAccount: async (_ctx, sub) =>
    people[sub] && {accountId: sub, claims: async () => ({sub, ...people[sub]})},
  loadExistingGrant: async ctx => {
    const {client, session, params} = ctx.oidc;
    const grant = new provider.Grant({clientId: client.clientId, accountId: session.accountId});
    grant.addOIDCScope(params.scope);
    await grant.save();
    return grant;
  },
});

provider.proxy = issuer.startsWith('https:'); // then somebody speaks https in front of it

const body = async req => {
  let read = '';
  for await (const part of req) read += part;
  return read;
};
provider.use(async (ctx, next) => {
  if (ctx.path === '/control/people') {
    people = JSON.parse(await body(ctx.req));
    ctx.status = 204;
  } else if (ctx.path === '/control/end') {
    const {client, sub, sid} = JSON.parse(await body(ctx.req));
    const answered = await (await provider.Client.find(client)).backchannelLogout(sub, sid).then(() => '', String);
    ctx.body = answered;
  } else if (ctx.path.startsWith('/interaction/')) {
    if (ctx.method === 'POST') {
      const login = {accountId: new URLSearchParams(await body(ctx.req)).get('login')};
      await provider.interactionFinished(ctx.req, ctx.res, {login}, {mergeWithLastSubmission: false});
      ctx.respond = false;
    } else {
      ctx.type = 'html';
      ctx.body = '<!doctype html><html lang="en"><title>The provider</title><h1>The provider</h1>' +
        '<form method="post"><label>Who are you? <input name="login"></label> <button>Go on</button></form>';
    }
  } else {
    await next();
  }
});
provider.listen(port, '127.0.0.1', () => console.log('ready'));
