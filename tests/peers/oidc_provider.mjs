// A real identity provider (oidc-provider, OpenID certified) for tests of the sign-in.
//   node oidc_provider.mjs PORT SITE ISSUED_KEY_ID       prints 'ready' when it answers
// SITE is our node's address; everybody signs in with any password. KEY_ID names the key that signs: with another one the
// provider has changed its keys.
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { Provider } from 'oidc-provider';

const [port, site, kid] = process.argv.slice(2);
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });

const people = {
  haneul: { name: '김하늘', roles: ['cc-agents'], team: 'cc-tax' },
  bada: { name: '이바다', roles: ['cc-agents', 'cc-leads'], team: 'cc-tax' },
  gardener: { name: '박정원', roles: ['gardeners'], team: 'parks' },
  stray: { name: '최나무', roles: ['cc-agents'], team: 'parks' },
};

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: 'minwon',
    client_secret: 'a-secret-of-the-test',
    redirect_uris: [`${site}/signin/oidc/return`],
    post_logout_redirect_uris: [`${site}/signin`],
    backchannel_logout_uri: `${site}/signin/oidc/ended`,
    backchannel_logout_session_required: true,
  }],
  claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'roles', 'team'] },
  cookies: { keys: ['cookies-of-the-test'] },
  features: { backchannelLogout: { enabled: true }, devInteractions: { enabled: true } },
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id, preferred_username: id, ...people[id] }) }),
  jwks: { keys: [{ ...createPrivateKey(privateKey).export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' }] },
  pkce: { required: () => true },
});
provider.on('server_error', (_ctx, error) => console.error('server_error', error));
provider.on('backchannel.error', (_ctx, error) => console.error('backchannel.error', error));
provider.listen(Number(port), '127.0.0.1', () => console.log('ready'));
