package io.jenkins.plugins.distributedtest.build;

import java.io.IOException;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The part of a test class path that is a module path, as Surefire has it (newStartupConfigWithModularPath and
 * ModularClasspathForkConfiguration there).
 *
 * <p>Where the tests are a module themselves, all of the class path is. Where what they test is one, the test classes are
 * patched into it and opened, and the modules that it requires, directly or not, are on the module path; all else, such
 * as the test framework, stays on the class path, which the module can read.
 */
final class ModulePath {
    private final ModuleDescriptor module;
    private final boolean isOfTests;
    private final Path testClasses;
    private final List<Path> entries;

    private ModulePath(ModuleDescriptor module, boolean isOfTests, Path testClasses, List<Path> entries) {
        this.module = module;
        this.isOfTests = isOfTests;
        this.testClasses = testClasses;
        this.entries = entries;
    }

    /**
     * Finds it.
     *
     * @param classPath the test class path: test classes, what they test, and the rest
     * @return null if neither of the first two is a module
     */
    static ModulePath of(List<Path> classPath) {
        Path tests = classPath.get(0);
        ModuleDescriptor own = declared(tests);
        if (own != null) {
            return new ModulePath(
                    own, true, tests, classPath.stream().filter(Files::exists).toList());
        }
        ModuleDescriptor tested = declared(classPath.get(1));
        return tested == null ? null : new ModulePath(tested, false, tests, required(tested, classPath));
    }

    private static ModuleDescriptor declared(Path entry) {
        ModuleDescriptor found = descriptor(entry);
        return found == null || found.isAutomatic() ? null : found;
    }

    /** Of a directory that declares a module, or of a jar; null for others, and for what is no proper jar. */
    private static ModuleDescriptor descriptor(Path entry) {
        if (!Files.isRegularFile(entry) && !Files.isRegularFile(entry.resolve("module-info.class"))) {
            return null;
        }
        try {
            return ModuleFinder.of(entry).findAll().stream()
                    .map(ModuleReference::descriptor)
                    .findFirst()
                    .orElse(null);
        } catch (FindException e) {
            return null; // Surefire leaves such an entry on the class path, too
        }
    }

    private static List<Path> required(ModuleDescriptor root, List<Path> classPath) {
        Map<String, Path> places = new HashMap<>();
        Map<String, ModuleDescriptor> modules = new HashMap<>();
        Map<String, Set<String>> providers = new HashMap<>();
        for (Path entry : classPath) {
            ModuleDescriptor found = descriptor(entry);
            if (found != null && modules.putIfAbsent(found.name(), found) == null) {
                places.put(found.name(), entry);
                found.provides()
                        .forEach(each -> providers
                                .computeIfAbsent(each.service(), service -> new TreeSet<>())
                                .add(found.name()));
            }
        }
        Set<String> chosen = new HashSet<>();
        Deque<ModuleDescriptor> open = new ArrayDeque<>(List.of(root));
        while (!open.isEmpty()) {
            ModuleDescriptor each = open.remove();
            if (chosen.add(each.name())) {
                each.requires().stream()
                        .map(ModuleDescriptor.Requires::name)
                        .filter(modules::containsKey)
                        .map(modules::get)
                        .forEach(open::add);
                each.uses().stream()
                        .flatMap(service -> providers.getOrDefault(service, Set.of()).stream())
                        .map(modules::get)
                        .forEach(open::add);
            }
        }
        return classPath.stream()
                .filter(entry -> chosen.stream().anyMatch(name -> entry.equals(places.get(name))))
                .toList();
    }

    /**
     * The JVM's options.
     *
     * @param jars makes paths those of a listener
     * @param packages those of test classes
     */
    List<String> options(ClassPathJars jars, Set<String> packages) throws IOException {
        List<String> options = new ArrayList<>();
        List<String> path = new ArrayList<>();
        for (Path each : entries) {
            String there = jars.placed(each);
            if (there != null) {
                path.add(there);
            }
        }
        options.add("--module-path=" + String.join(":", path));
        String patch = isOfTests ? null : jars.placed(testClasses);
        if (patch != null) {
            options.add("--patch-module=" + module.name() + "=" + patch);
            for (String each : new TreeSet<>(packages)) {
                options.add("--add-opens=" + module.name() + "/" + each + "=ALL-UNNAMED");
            }
            options.add("--add-reads=" + module.name() + "=ALL-UNNAMED");
        }
        options.add("--add-modules=ALL-MODULE-PATH");
        return options;
    }
}
