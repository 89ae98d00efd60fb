package io.jenkins.plugins.distributedtest.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of all commands that install a systemd unit. */
final class UnitOptions {
    @Option(names = "--system", description = "Install for the whole system (as root) instead of this user.")
    private boolean system;

    @Option(names = "--user", paramLabel = "NAME", description = "With --system: the user that it runs as.")
    private String user;

    @Option(names = "--uninstall", description = "Stop and remove the unit.")
    private boolean uninstall;

    @Option(names = "--dry-run", description = "Only say what would be done.")
    private boolean dryRun;

    UnitOptions() {}

    /**
     * What does it.
     *
     * @param spec the command
     * @param name of the unit
     * @throws CliException if the unit cannot have this name or user
     */
    UnitInstaller installer(CommandSpec spec, String name) throws CliException {
        if (user != null && !(system && user.matches("[A-Za-z_][A-Za-z0-9_.-]*"))) {
            throw new CliException("--user takes the name of a user, together with --system");
        }
        return new UnitInstaller(spec.commandLine().getOut(), name, system, dryRun, spec.name());
    }

    /** Whether the unit is to be removed. */
    boolean isToBeRemoved() {
        return uninstall;
    }

    /** Whether the unit is the system's, not a user's. */
    boolean isSystems() {
        return system;
    }

    /** The user that the system's unit runs as; null for root. */
    String user() {
        return user;
    }
}
