/** The registry that images name, for a server of a Docker configuration: `docker.io` for Docker Hub's server. */
export function imageHost(server: string): string {
  return server === "https://index.docker.io/v1/" || server === "index.docker.io" ? "docker.io" : server;
}
