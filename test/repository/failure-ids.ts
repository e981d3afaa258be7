/**
 * Every failure mode that is known, by class, with what trying again brings: T it may help, P it does not, T>P it may
 * until it came back, P>T it seldom does and costs little. The catalogue, the pages and the corpus must agree with it.
 */
export const failureIds: Readonly<Record<string, string>> = {
  DNS: 'dns-no-such-host P, dns-timeout T>P, dns-dial-budget T>P, dns-server-misbehaving T>P, dns-server-unreachable P>T',
  'TCP and IP':
    'tcp-dial-timeout T>P, tcp-connection-refused T>P, tcp-connection-reset T, tcp-no-route P>T, ipv6-unusable P, conn-eof T, net-sandboxed P, net-hang T>P',
  TLS: 'tls-unknown-ca P, tls-no-root-store P, tls-cert-expired P, tls-clock-skew P, tls-hostname-mismatch P, tls-legacy-common-name P, tls-handshake-timeout T, tls-handshake-rejected P>T, tls-plaintext-peer P, tls-weak-cert P',
  'Forward (HTTP) proxy':
    'http-proxy-unreachable P>T, http-proxy-auth P, http-proxy-denied P, http-proxy-bad-gateway T, http-proxy-connect-timeout T>P, http-proxy-misconfigured P, no-proxy-missing P',
  Transfer:
    'http2-stream-error T, http2-goaway T, download-truncated T>P, http-garbage P>T, redirect-problem P',
  'Module proxy answers':
    'proxy-not-found P, proxy-fetch-timeout T>P, proxy-unauthorized P, proxy-forbidden P, proxy-zip-storage-blocked P, proxy-rate-limited T, proxy-5xx T, proxy-bad-request P, proxy-non-json P>T, proxy-bad-gomod P>T, proxy-wrong-version P, zip-not-valid T>P, zip-checksum-error T>P, proxy-bad-content T>P, zip-unexpected-file P, module-zip-rejected P, goproxy-misconfigured P, goproxy-off P, proxy-file-missing P',
  'Checksum database':
    'sumdb-not-found P, sumdb-unreachable T>P, sumdb-5xx T, sumdb-tile-missing T>P, sumdb-bad-record P>T, sumdb-mismatch P, sumdb-absent P, sumdb-fork P, gosumdb-misconfigured P, gosumdb-off-toolchain P',
  'go.sum':
    'gosum-mismatch P, cache-empty-file-hash P, gosum-missing-entry P, gosum-malformed P, gosum-update-needed P',
  'go.mod, imports, workspace':
    'gomod-syntax P, gomod-merge-conflict P, gomod-missing-module-line P, gomod-version-suffix P, gomod-update-needed P, gomod-missing P, gopath-gomod P, gomodules-off P, replace-dir-missing P, replace-invalid P, require-no-package P, module-without-package P, ambiguous-import P, vendor-inconsistent P, vendor-lookup-disabled P, work-module-missing P, work-go-too-old P, work-not-listed P, import-std-missing P, malformed-import-path P, embed-missing P, zero-pseudo-version P, case-collision P',
  'Versions and authors':
    'version-unknown-revision P, version-no-match P>T, module-path-mismatch P, major-version-suffix P, pseudo-version-invalid P, missing-gomod-at-revision P, go-import-missing P, vanity-host-unreachable T>P, vanity-host-5xx T',
  'git, ssh and other VCS':
    'git-missing P, git-auth-https-prompt P, git-auth-failed P, git-forbidden P>T, git-repo-not-found P, git-ssh-publickey P, git-ssh-hostkey P, git-ssh-unreachable T>P, git-insteadof-broken P, git-dns T>P, git-connect T>P, git-tls P, git-proxy P, git-http-5xx T, git-rate-limited T, git-transfer-broken T>P, git-cache-corrupt P, git-lock-left P, vcs-stamp-failed P, govcs-disallowed P, vcs-no-secure-protocol T>P, gitlab-subgroup-root P, vcs-tool-missing P',
  'Go version and toolchain':
    'go-too-old-gomod P, go-too-old-local P, toolchain-not-available P, toolchain-download-failed T>P, toolchain-language-version P, toolchain-not-in-path P, gotoolchain-invalid P, go-older-than-code P, go-install-mixed P, goroot-broken P',
  Machine:
    'cache-permission-denied P, cache-readonly P, cache-location-missing P, cache-path-relative P, disk-full P, fd-limit P, oom-killed P, memory-address-limit P, process-limit P, tmp-noexec P, exec-format P, cache-corrupt P, cache-lock-stuck P>T, text-file-busy T, windows-file-in-use T, goflags-invalid P, cgo-toolchain-missing P',
  'Container and CI around the step':
    'image-not-found P, image-denied P, image-rate-limited T, image-registry-5xx T, image-registry-unreachable T>P, build-context-missing P, build-secret-missing P, os-packages-failed T>P, step-timeout T>P, pod-oom P>T, pod-evicted P>T, runner-lost T',
  'handed over': 'step-cancelled P, compile-error P, test-failure P, lint-failure P',
};
