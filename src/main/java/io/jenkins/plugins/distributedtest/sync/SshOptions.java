package io.jenkins.plugins.distributedtest.sync;

import java.nio.file.Path;

/**
 * How this host gets through by ssh. A port, a jump host or a file of known hosts are set where ssh users set them: in
 * an ssh configuration file, the user's own or one given here. Each side has its own; none of it travels.
 *
 * @param keyFile the private key; null for ssh's own choice
 * @param configFile a configuration file as {@code ssh -F} takes it; null for the user's and the host's
 * @param anyHostKey whether to take any host key, as Gorgon does. Insecure: who sits between can read and change the
 *     sources.
 */
public record SshOptions(Path keyFile, Path configFile, boolean anyHostKey) {
    /** ssh as its user has set it up; host keys are checked. */
    public static final SshOptions DEFAULT = new SshOptions(null, null, false);
}
