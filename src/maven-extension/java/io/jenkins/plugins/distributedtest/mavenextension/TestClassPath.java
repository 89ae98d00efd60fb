package io.jenkins.plugins.distributedtest.mavenextension;

import java.io.File;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.maven.RepositoryUtils;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.model.Dependency;
import org.apache.maven.project.DefaultDependencyResolutionRequest;
import org.apache.maven.project.MavenProject;
import org.apache.maven.project.ProjectDependenciesResolver;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.resolution.DependencyRequest;
import org.eclipse.aether.resolution.DependencyResolutionException;

/** The test class path of a module, as Surefire makes it. */
final class TestClassPath {
    private static final Pattern PLATFORM = Pattern.compile("junit-platform-(?:engine|commons)-(.+)\\.jar");
    private static final Pattern JUPITER = Pattern.compile("junit-jupiter-api-(.+)\\.jar");

    private final MavenSession session;
    private final MavenProject project;
    private final RepositorySystem repositories;
    private final ProjectDependenciesResolver dependencies;
    private Set<Artifact> resolved;

    TestClassPath(
            MavenSession session,
            MavenProject project,
            RepositorySystem repositories,
            ProjectDependenciesResolver dependencies) {
        this.session = session;
        this.project = project;
        this.repositories = repositories;
        this.dependencies = dependencies;
    }

    /**
     * Its elements.
     *
     * @param mainClasses where the classes under test are
     * @param vintage whether tests of JUnit 4 run also in a project that has Jupiter
     * @param choice what of the dependencies there is
     */
    List<String> elements(String mainClasses, boolean vintage, DependencyChoice choice) throws Exception {
        List<String> elements = new ArrayList<>();
        elements.add(project.getBuild().getTestOutputDirectory());
        elements.add(mainClasses);
        for (Artifact each : resolved()) {
            if (choice.takes(each)) {
                elements.add(each.getFile().getPath());
            }
        }
        for (Dependency each : choice.more()) {
            elements.addAll(withDependencies(each));
        }
        complete(elements, vintage);
        return elements;
    }

    /** Where those dependencies are whose classes are tests of the module, too, by their patterns. */
    List<String> scanned(List<String> patterns) throws Exception {
        List<String> files = new ArrayList<>();
        for (Artifact each : patterns.isEmpty() ? Collections.<Artifact>emptySet() : resolved()) {
            if (DependencyChoice.isOneOf(patterns, each)) {
                files.add(each.getFile().getPath());
            }
        }
        return files;
    }

    /**
     * The module's dependencies, resolved anew: what the project itself tells at this point is only what the last goal
     * that ran has asked for, and that need not have been one that sees those of the tests.
     */
    private Set<Artifact> resolved() throws org.apache.maven.project.DependencyResolutionException {
        if (resolved == null) {
            Set<Artifact> artifacts = new LinkedHashSet<>();
            RepositoryUtils.toArtifacts(
                    artifacts,
                    dependencies
                            .resolve(new DefaultDependencyResolutionRequest(project, session.getRepositorySession()))
                            .getDependencyGraph()
                            .getChildren(),
                    Collections.singletonList(project.getArtifact().getId()),
                    null);
            artifacts.removeIf(each -> !each.getArtifactHandler().isAddedToClasspath() || each.getFile() == null);
            resolved = artifacts;
        }
        return resolved;
    }

    private List<String> withDependencies(Dependency dependency) throws DependencyResolutionException {
        org.eclipse.aether.graph.Dependency root = RepositoryUtils.toDependency(
                dependency, session.getRepositorySession().getArtifactTypeRegistry());
        CollectRequest collect = new CollectRequest(root, project.getRemoteProjectRepositories());
        List<String> files = new ArrayList<>();
        for (ArtifactResult each : repositories
                .resolveDependencies(session.getRepositorySession(), new DependencyRequest(collect, null))
                .getArtifactResults()) {
            files.add(each.getArtifact().getFile().getPath());
        }
        return files;
    }

    /** Adds what Surefire itself would fetch to run the tests: the launcher and the engines that go with the project's. */
    private void complete(List<String> classPath, boolean vintage) {
        String platform = version(classPath, PLATFORM);
        String jupiter = version(classPath, JUPITER);
        if (platform == null && jupiter != null) {
            platform = jupiter.replaceFirst("^5\\.", "1.");
        }
        complete(classPath, "org.junit.platform", "junit-platform-launcher", platform);
        complete(classPath, "org.junit.platform", "junit-platform-engine", platform);
        complete(classPath, "org.junit.jupiter", "junit-jupiter-engine", jupiter);
        if (vintage && has(classPath, "junit-4.")) {
            complete(classPath, "org.junit.vintage", "junit-vintage-engine", jupiter);
        }
    }

    private void complete(List<String> classPath, String group, String artifact, String version) {
        if (version != null && !has(classPath, artifact + "-")) {
            add(classPath, group + ":" + artifact + ":" + version);
        }
    }

    private void add(List<String> classPath, String coordinates) {
        ArtifactRequest request =
                new ArtifactRequest(new DefaultArtifact(coordinates), project.getRemoteProjectRepositories(), null);
        try {
            classPath.add(repositories
                    .resolveArtifact(session.getRepositorySession(), request)
                    .getArtifact()
                    .getFile()
                    .getAbsolutePath());
        } catch (ArtifactResolutionException e) {
            return; // the listener looks for it, too, and says what is missing
        }
    }

    private static boolean has(List<String> classPath, String start) {
        for (String entry : classPath) {
            if (new File(entry).getName().startsWith(start)) {
                return true;
            }
        }
        return false;
    }

    private static String version(List<String> classPath, Pattern jar) {
        for (String entry : classPath) {
            Matcher matcher = jar.matcher(new File(entry).getName());
            if (matcher.matches()) {
                return matcher.group(1);
            }
        }
        return null;
    }
}
