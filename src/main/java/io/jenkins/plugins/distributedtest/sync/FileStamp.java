package io.jenkins.plugins.distributedtest.sync;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What the file system says of a file. Two equal stamps mean the same content, unless the file was changed within the
 * clock's resolution; see {@link #isSettled}.
 *
 * @param type what it is
 * @param mode its permission bits; without POSIX only the owner's executable bit
 * @param owner user and group; 0 if not known
 * @param size length in bytes
 * @param modified modification time in ns since 1970
 * @param changed time of the inode's last change in ns since 1970, which no program can set; 0 if not known
 * @param inode inode; 0 if not known
 */
public record FileStamp(Type type, int mode, long owner, long size, long modified, long changed, long inode) {
    /** What a path leads to; links are not followed. */
    public enum Type {
        /** A regular file. */
        FILE,
        /** A directory. */
        DIRECTORY,
        /** A symbolic link. */
        LINK,
        /** A pipe, a socket, a device. */
        OTHER
    }

    private static final boolean UNIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("unix");
    private static final int OWNER_MAY_EXECUTE = 0100;
    private static final int PERMISSIONS = 07777;
    private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(2);

    /**
     * Asks the file system.
     *
     * @throws IOException if there is nothing, or it cannot be asked
     */
    public static FileStamp of(Path path) throws IOException {
        if (!UNIX) {
            BasicFileAttributes basic =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            Type type = type(basic.isRegularFile(), basic.isDirectory(), basic.isSymbolicLink());
            return new FileStamp(
                    type,
                    type == Type.FILE && Files.isExecutable(path) ? OWNER_MAY_EXECUTE : 0,
                    0,
                    basic.size(),
                    basic.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                    0,
                    0);
        }
        Map<String, Object> all = Files.readAttributes(
                path,
                "unix:mode,uid,gid,size,lastModifiedTime,ctime,ino,isRegularFile,isDirectory,isSymbolicLink",
                LinkOption.NOFOLLOW_LINKS);
        Type type = type((Boolean) all.get("isRegularFile"), (Boolean) all.get("isDirectory"), (Boolean)
                all.get("isSymbolicLink"));
        return new FileStamp(
                type,
                (Integer) all.get("mode") & PERMISSIONS,
                (long) (Integer) all.get("uid") << 32 | (Integer) all.get("gid") & 0xffff_ffffL,
                (Long) all.get("size"),
                ((FileTime) all.get("lastModifiedTime")).to(TimeUnit.NANOSECONDS),
                ((FileTime) all.get("ctime")).to(TimeUnit.NANOSECONDS),
                ((Number) all.get("ino")).longValue());
    }

    private static Type type(boolean file, boolean directory, boolean link) {
        return file ? Type.FILE : directory ? Type.DIRECTORY : link ? Type.LINK : Type.OTHER;
    }

    /** Whether its owner may execute it. */
    boolean executable() {
        return (mode & OWNER_MAY_EXECUTE) != 0;
    }

    /** Whether the file system says of a change of it, by a time that no program can set. */
    boolean tellsOfChanges() {
        return changed != 0;
    }

    /** Whether content and executable bit must be the same, judging by the stamps. */
    public boolean sameContent(FileStamp other) {
        return size == other.size && modified == other.modified && changed == other.changed && inode == other.inode;
    }

    /**
     * Whether the file had not been touched for 2 s at a given moment: only then would a later change, whatever the
     * resolution of the file system's clock, be seen in the stamp.
     *
     * @param nanos the moment, in ns since 1970
     */
    public boolean isSettled(long nanos) {
        return Math.max(modified, changed) < nanos - SETTLED_NANOS;
    }
}
