package io.jenkins.plugins.distributedtest.files;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** The name of this host, for people. */
public final class HostName {
    private static final Path KERNEL = Path.of("/proc/sys/kernel/hostname");

    private HostName() {}

    /** Its name; that which the kernel has where no service knows it, {@code localhost} where there is none at all. */
    public static String get() {
        return of(() -> InetAddress.getLocalHost().getHostName(), KERNEL);
    }

    /** Asks for the name. */
    interface Lookup {
        String name() throws IOException;
    }

    static String of(Lookup lookup, Path kernel) {
        try {
            return lookup.name();
        } catch (IOException unknown) {
            return inKernel(kernel);
        }
    }

    private static String inKernel(Path kernel) {
        try {
            String name = Files.readString(kernel).strip();
            return name.isEmpty() ? "localhost" : name;
        } catch (IOException e) {
            return "localhost";
        }
    }
}
