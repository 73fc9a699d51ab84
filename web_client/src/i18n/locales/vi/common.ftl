# Khung của mọi trang và những từ dùng chung.
common-product = Plenum
common-product-home = Plenum, về trang đầu
common-window-title = { $title } – Plenum
common-skip = Chuyển đến nội dung chính
common-main-navigation = Điều hướng chính
common-home = Cuộc họp
common-audit = Nhật ký kiểm toán
common-language = Ngôn ngữ
common-theme = Giao diện: { $theme ->
    [light] sáng
    [dark] tối
   *[system] theo thiết bị
  }
common-person-menu = { $name }: tài khoản
common-sign-out = Đăng xuất
common-sign-out-again = Đăng xuất lại
common-sign-out-failed = Chưa đăng xuất được: không kết thúc được phiên làm việc trên máy chủ. Vui lòng kiểm tra kết nối và thử lại; không rời thiết bị dùng chung trước khi đăng xuất xong.
common-close = Đóng
common-cancel = Hủy bỏ
common-save = Lưu
common-delete = Xóa
common-optional = (không bắt buộc)
common-loading = Đang tải…
common-retry = Thử lại
common-your-time = ({ $time } theo giờ địa phương)

stepup-title = Xác nhận lại danh tính
stepup-why = Thao tác tiếp theo có giá trị ràng buộc hoặc mở hồ sơ cần bảo vệ. Vui lòng nhập lại mật khẩu; xác nhận có hiệu lực trong năm phút.
stepup-password = Mật khẩu
stepup-password-missing = Vui lòng nhập mật khẩu.
stepup-submit = Xác nhận

signin-title = Đăng nhập
signin-lead = Cuộc họp, tài liệu và quyết định của cơ quan.
signin-username = Tên đăng nhập
signin-username-missing = Vui lòng nhập tên đăng nhập.
signin-password = Mật khẩu
signin-password-missing = Vui lòng nhập mật khẩu.
signin-submit = Đăng nhập
signin-show = Hiện mật khẩu
signin-help = Quên mật khẩu hoặc bị khóa tài khoản? Liên hệ quản trị viên; không ai được phép hỏi mật khẩu.
signin-authority = Trình duyệt cảnh báo về trang này? Cài đặt chứng thư gốc của cơ quan một lần, cảnh báo sẽ không còn xuất hiện.
signin-authority-download = Tải chứng thư gốc

home-title = Cuộc họp
home-greeting = Kính chào { $name }
home-in-session = Đang họp
home-join = Vào họp
home-join-named = Vào họp: { $title }
home-next = Cuộc họp tiếp theo hôm nay
home-details = Chương trình và tài liệu
home-waiting = Việc cần xử lý
home-waiting-acknowledge = Xác nhận chương trình họp
home-waiting-sign = Ký biên bản
home-waiting-other = Mở cuộc họp
home-today = Hôm nay
home-coming = Các cuộc họp sắp tới
home-earlier = Các cuộc họp trước đây
home-none = Chưa có cuộc họp nào
home-none-text = Cuộc họp sẽ hiển thị tại đây khi có giấy mời.
home-new = Tạo cuộc họp
home-show-all = Hiển thị tất cả ({ $count })

state-draft = Đang chuẩn bị
state-convened = Đã triệu tập
state-in_session = Đang họp
state-suspended = Tạm dừng
state-adjourned = Đã bế mạc
state-minutes_review = Biên bản chờ ký
state-minutes_signed = Biên bản đã ký
state-archived = Đã lưu trữ
state-cancelled = Đã hủy

role-chair = Chủ tọa
role-secretary = Thư ký
role-member = Thành viên
role-observer = Dự thính
role-guest = Khách mời
role-presenter = Người trình bày
role-technician = Kỹ thuật viên
role-room = Phòng họp

label-0 = Công khai
label-1 = Nội bộ
label-2 = Hạn chế
label-3 = Mật
label-4 = Tối mật
label-5 = Tuyệt mật

result-for = Tán thành
result-against = Không tán thành
result-abstain = Không có ý kiến
result-not-voting = Không biểu quyết
result-absent = Vắng mặt
result-verdict = { $verdict ->
    [carried] Được thông qua
    [recast] Biểu quyết lại
    [no_quorum] Không đủ túc số
   *[lost] Không được thông qua
  }
result-why = Căn cứ kết quả
result-holds = đạt
result-fails = không đạt
derivation-quorum = Túc số: { $present } trên tổng số { $total } thành viên có mặt, cần tối thiểu { $required }.
derivation-participation = { $participating } trên tổng số { $total } thành viên tham gia ({ $percent }).
derivation-base = { $base ->
    [cast] So với tổng số phiếu tán thành và không tán thành: { $votes }.
    [present] So với số thành viên có mặt: { $votes }.
    [entitled] So với số thành viên có quyền biểu quyết: { $votes }.
    [seats] So với tổng số thành viên: { $votes }.
   *[valid] So với tổng số phiếu hợp lệ: { $votes }.
  }
derivation-threshold = { $comparison ->
    [more] { $votes } phiếu: { $votes } × { $denominator } = { $left } phải lớn hơn { $right } (quá { $numerator }/{ $denominator }).
   *[at_least] { $votes } phiếu: { $votes } × { $denominator } = { $left } phải đạt ít nhất { $right } (từ { $numerator }/{ $denominator } trở lên).
  }
derivation-tie = { $rule ->
    [chair] Số phiếu ngang nhau: theo ý kiến của chủ tọa.
    [recast] Số phiếu ngang nhau: biểu quyết lại.
   *[lost] Số phiếu ngang nhau: không được thông qua.
  }
derivation-other = Đã áp dụng một quy định khác.

verify-title = Xác minh chữ ký
verify-open = Xác minh chữ ký
verify-accepted = Văn bản xác thực, còn nguyên vẹn
verify-accepted-text = Mọi chữ ký đều hợp lệ, văn bản không bị thay đổi từ khi ký và đúng là văn bản đã ghi trong hồ sơ.
verify-refused = Không được sử dụng văn bản này
verify-reason = Kết quả kiểm tra: { $reason }. Không sử dụng văn bản này và báo ngay cán bộ an toàn thông tin.
verify-signed-by = Người ký
verify-signed-at = Ký ngày { $at }
verify-signed-at-unknown = Không rõ thời điểm ký
verify-covers = Chữ ký bao trùm toàn bộ văn bản
verify-covers-not = Sau chữ ký này chỉ có chữ ký hoặc dấu thời gian được bổ sung
verify-role = { $role ->
    [chair] Chủ tọa
    [secretary] Thư ký
    [author] Người lập
    [agency] Cơ quan
    [seal] Con dấu cơ quan
   *[other] { $role }
  }
verify-hash = Mã SHA-256 của văn bản
verify-hash-expected = Mã SHA-256 trong hồ sơ
verify-running = Đang kiểm tra từng chữ ký…
common-alerts = { $count } cảnh báo đang mở
