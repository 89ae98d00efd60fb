package io.jenkins.plugins.distributedtest.build;

import io.jenkins.plugins.distributedtest.files.ClassFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The class files of a class path, each read once. */
final class ClassPathClasses {
    private final List<Path> directories = new ArrayList<>();
    private final List<Path> jars = new ArrayList<>();
    private final Map<String, Optional<ClassFile>> read = new HashMap<>();
    private final Map<String, Optional<ClassFile>> packed = new HashMap<>();

    /** @param classPath directories and jars; what is not there is passed over */
    ClassPathClasses(List<String> classPath) {
        for (String entry : classPath) {
            Path path = Path.of(entry);
            if (Files.isDirectory(path)) {
                directories.add(path);
            } else if (Files.isRegularFile(path)) {
                jars.add(path);
            }
        }
    }

    /** The class of an internal name that is in a directory; empty if there is none. */
    Optional<ClassFile> inDirectories(String name) throws IOException {
        Optional<ClassFile> file = read.get(name);
        if (file == null) {
            file = Optional.empty();
            for (Path directory : directories) {
                Path place = directory.resolve(name + ".class");
                if (file.isEmpty() && !name.isEmpty() && Files.isRegularFile(place)) {
                    file = Optional.of(ClassFile.read(place));
                }
            }
            read.put(name, file);
        }
        return file;
    }

    /** The class of an internal name that is in a directory or, else, in a jar; empty if there is none. */
    Optional<ClassFile> anywhere(String name) throws IOException {
        Optional<ClassFile> file = inDirectories(name);
        if (file.isPresent() || name.isEmpty()) {
            return file;
        }
        Optional<ClassFile> known = packed.get(name);
        if (known == null) {
            known = Optional.empty();
            for (Path jar : jars) {
                known = known.isPresent() ? known : inJar(jar, name);
            }
            packed.put(name, known);
        }
        return known;
    }

    private static Optional<ClassFile> inJar(Path jar, String name) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry entry = zip.getEntry(name + ".class");
            if (entry == null) {
                return Optional.empty();
            }
            try (InputStream in = zip.getInputStream(entry)) {
                return Optional.of(ClassFile.read(in, jar + "!" + name));
            }
        }
    }
}
