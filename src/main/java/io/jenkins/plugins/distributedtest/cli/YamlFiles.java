package io.jenkins.plugins.distributedtest.cli;

import io.jenkins.plugins.distributedtest.config.ConfigException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads YAML files: plain maps, lists and scalars only, nothing that could make objects. */
final class YamlFiles {
    private static final int MAX_CHARACTERS = 4 << 20;

    private YamlFiles() {}

    /**
     * Reads a file.
     *
     * @return maps, lists and scalars; null if it is empty
     * @throws ConfigException if it cannot be read or is no YAML; names file and place, and quotes nothing of it, which
     *     may be a password
     */
    static Object read(Path file) throws ConfigException {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(50);
        options.setCodePointLimit(MAX_CHARACTERS);
        try {
            return new Yaml(new SafeConstructor(options)).load(Files.readString(file));
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            throw new ConfigException(file + " is not valid YAML"
                    + (mark == null ? "" : " at line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1))
                    + ": " + String.valueOf(e.getProblem()).lines().findFirst().orElse(""));
        } catch (YAMLException e) {
            throw new ConfigException(file + " is not valid YAML: " + e.getMessage());
        } catch (NoSuchFileException e) {
            throw new ConfigException("There is no file " + file);
        } catch (MalformedInputException e) {
            throw new ConfigException(file + " is not a UTF-8 text");
        } catch (IOException e) {
            throw new ConfigException(file + " cannot be read: " + e);
        }
    }
}
