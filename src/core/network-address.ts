import { networkInterfaces } from "node:os";

/** Of containers and virtual machines: no phone is there. */
const virtual = /^(docker|br-|veth|virbr|lxc|vmnet|cni|podman)/;

/** The IPv4 address by which others in the local network most likely reach this machine. */
export function networkAddress(interfaces = networkInterfaces()): string | undefined {
  const outside = Object.entries(interfaces)
    .flatMap(([name, list = []]) => list.map((address) => ({ name, ...address })))
    .filter(({ family, internal }) => family === "IPv4" && !internal);
  return (outside.find(({ name }) => !virtual.test(name)) ?? outside[0])?.address;
}
