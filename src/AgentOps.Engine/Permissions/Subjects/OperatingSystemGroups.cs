using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Principal;
using System.Text;

namespace AgentOps.Engine.Permissions;

/// <summary>
/// The groups of the operating system. On Unix through its own name service, so that directories which the system is joined to
/// are asked too. On Windows through the groups of the account that runs this process, and of accounts of the domain by
/// their user principal name; of others, such as local accounts, it can't tell, which denies.
/// </summary>
public sealed partial class OperatingSystemGroups : IGroupSource
{
    private const string Prefix = "os:";
    private const int BufferBytes = 1 << 20;
    private const int MostMembers = 1_000_000;

    /// <inheritdoc/>
    public bool? IsMember(string group, string person)
    {
        if (!group.StartsWith(Prefix, StringComparison.Ordinal) || group.Contains('\0', StringComparison.Ordinal) || person.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        if (ExternalGroups.NameIn(person, Prefix) is not { } name)
        {
            return null;
        }

        return OperatingSystem.IsWindows() ? IsMemberOnWindows(group[Prefix.Length..], name) : IsMemberOnUnix(group[Prefix.Length..], name);
    }

    [SupportedOSPlatform("windows")]
    private static bool? IsMemberOnWindows(string group, string person)
    {
        try
        {
            var wanted = (SecurityIdentifier)new NTAccount(group).Translate(typeof(SecurityIdentifier));
            using var current = WindowsIdentity.GetCurrent();
            if (string.Equals(person, Environment.UserName, StringComparison.OrdinalIgnoreCase) || string.Equals(person, current.Name, StringComparison.OrdinalIgnoreCase))
            {
                return new WindowsPrincipal(current).IsInRole(wanted);
            }

            using var other = new WindowsIdentity(person);
            return new WindowsPrincipal(other).IsInRole(wanted);
        }
        catch (IdentityNotMappedException)
        {
            return false;
        }
        catch (Exception exception) when (exception is SystemException and not OutOfMemoryException)
        {
            // Not of a domain, or a domain that can't be asked.
            return null;
        }
    }

    private static bool? IsMemberOnUnix(string group, string person)
    {
        var buffer = Marshal.AllocHGlobal(BufferBytes);
        try
        {
            // struct group { char *name; char *password; gid_t id; char **members; } on Linux and macOS alike.
            var entry = new GroupEntry();
            if (GetGroup(group, ref entry, buffer, BufferBytes, out var found) != 0)
            {
                return null;
            }

            if (found == 0)
            {
                return false;
            }

            var wanted = Encoding.UTF8.GetBytes(person);
            for (var i = 0; i < MostMembers; i++)
            {
                var member = Marshal.ReadIntPtr(entry.Members, i * nint.Size);
                if (member == 0)
                {
                    break;
                }

                if (Encoding.UTF8.GetBytes(Marshal.PtrToStringUTF8(member) ?? "").AsSpan().SequenceEqual(wanted))
                {
                    return true;
                }
            }

            return HasPrimaryGroup(person, entry.Id, buffer);
        }
        finally
        {
            Marshal.FreeHGlobal(buffer);
        }
    }

    private static bool? HasPrimaryGroup(string person, uint group, nint buffer)
    {
        // struct passwd begins { char *name; char *password; uid_t uid; gid_t gid; … }; the rest is not looked at.
        var account = Marshal.AllocHGlobal(256);
        try
        {
            if (GetAccount(person, account, buffer, BufferBytes, out var found) != 0)
            {
                return null;
            }

            return found != 0 && (uint)Marshal.ReadInt32(account, (2 * nint.Size) + sizeof(uint)) == group;
        }
        finally
        {
            Marshal.FreeHGlobal(account);
        }
    }

    [LibraryImport("libc", EntryPoint = "getgrnam_r", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetGroup(string name, ref GroupEntry entry, nint buffer, nint size, out nint found);

    [LibraryImport("libc", EntryPoint = "getpwnam_r", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetAccount(string name, nint account, nint buffer, nint size, out nint found);

    [StructLayout(LayoutKind.Sequential)]
    private struct GroupEntry
    {
        public nint Name;
        public nint Password;
        public uint Id;
        public nint Members;
    }
}
